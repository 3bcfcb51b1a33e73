/** `--filter name=value` for each of Ansible's filters; a list gives one flag for each of its entries. */
export function filterWords(filters: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(filters).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).flatMap(item => ['--filter', `${name}=${item}`]),
  )
}
