import type { Value } from '../../base/value.ts'
import { safeText } from '../../report/safe-text.ts'
import type { ServiceView } from './service-view.ts'

export interface ServicesOf {
  /** A host, or the pattern of a play. */
  readonly host: string
  readonly services: readonly ServiceView[]
}

/** A heading for each host, a line for each service, and below it what it has. */
export function servicesText(all: readonly ServicesOf[], bold: (text: string) => string): string {
  return all.map(one => hostText(one, bold)).join('\n')
}

function hostText({ host, services }: ServicesOf, bold: (text: string) => string): string {
  const width = Math.max(...services.map(({ service }) => service.length))
  const lines = services.flatMap(view => [
    `${bold(view.service.padEnd(width))}  ${view.stage.padEnd(5)}  ${safeText(plain(view.image))}${view.enabled === true ? '' : `  enabled: ${safeText(plain(view.enabled))}`}`,
    ...details(view).map(([name, text]) => `${' '.repeat(width)}  ${name.padEnd(11)} ${text}`),
  ])
  return `${bold(host)}\n${lines.join('\n')}\n`
}

function details(view: ServiceView): [string, string][] {
  const {
    about,
    role,
    networks,
    ports,
    routes,
    depends_on,
    databases,
    collections,
    health,
    on_failure,
    backup,
    scrape,
  } = view
  const all: [string, string][] = [
    ['for', `${plain(about)} (role ${role})`],
    ['networks', plain(networks)],
    ['ports', ports.join(', ')],
    ['routes', routes.map(({ host, access, port }) => `${host} → ${plain(port)} (${access})`).join(', ')],
    ['after', keys(depends_on)],
    ['databases', plain(databases)],
    ['collections', plain(collections)],
    ['health', `${health}${on_failure === 'fail' ? '' : ` (${on_failure})`}`],
    ['backup', plain(backup)],
    ['metrics', Array.isArray(scrape) && scrape.length > 0 ? 'yes' : ''],
  ]
  return all.filter(([, text]) => text !== '').map(([name, text]) => [name, safeText(text)])
}

function keys(value: Value): string {
  return typeof value === 'object' && value !== null ? Object.keys(value).join(', ') : ''
}

function plain(value: Value): string {
  if (Array.isArray(value)) return value.map(plain).join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
