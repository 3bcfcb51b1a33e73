/** What a text is within HTML, quoted or not, as markupsafe writes it. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>'"]/g, mark => HTML_ESCAPES[mark] ?? mark)
}

const HTML_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&#39;',
  '"': '&#34;',
}
