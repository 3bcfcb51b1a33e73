/** One letter each, as ssh_config(5) names them. */
export type Tokens = Readonly<Record<string, string>> & { readonly d: string }

/** `~`, `%x` and `${VAR}` of a value. Unknown tokens and variables stay as they are, which makes the mistake visible. */
export function expandTokens(
  text: string,
  tokens: Tokens,
  env: Readonly<Record<string, string | undefined>>,
): string {
  return text
    .replace(/^~(?=\/|$)/, () => tokens.d)
    .replace(/\$\{(\w+)\}/g, (whole, name: string) => env[name] ?? whole)
    .replace(/%(.)/g, (whole, letter: string) => (letter === '%' ? '%' : (tokens[letter] ?? whole)))
}
