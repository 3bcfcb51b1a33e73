/** The lookup url: fetched by a process of its own, because templates are rendered in one go. */
import { execFileSync } from 'node:child_process'
import { VpaiError } from '../base/error.ts'
import type { Value } from '../base/value.ts'

type Options = Readonly<Record<string, Value>>

/** One text, or its lines (`split_lines`, the default). Throws LOOKUP_URL. Secrets travel by standard input. */
export function urlTexts(url: string, options: Options): Value[] {
  const request = {
    url,
    headers: { ...headersOf(options.headers), ...login(options) },
    timeoutMs: Number(options.timeout ?? 10) * 1000,
    followsRedirects: !/^(?:no|none|false)$/i.test(String(options.follow_redirects ?? 'urllib2')),
  }
  const text = fetched(request, options.validate_certs !== false)
  if (options.split_lines === false) return [text]
  const lines = text.split(/\r?\n/)
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

interface UrlRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly followsRedirects: boolean
}

const PROGRAM = `
const { url, headers, timeoutMs, followsRedirects } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'))
fetch(url, { headers, redirect: followsRedirects ? 'follow' : 'manual', signal: AbortSignal.timeout(timeoutMs) })
  .then(async answer => {
    if (!answer.ok) throw new Error('HTTP ' + answer.status + ' ' + answer.statusText)
    process.stdout.write(await answer.text())
  })
  .catch(error => { process.stderr.write(String(error.cause?.message ?? error.message)); process.exitCode = 1 })
`

function fetched(request: UrlRequest, checksCertificates: boolean): string {
  try {
    return execFileSync(process.execPath, ['-e', PROGRAM], {
      input: JSON.stringify(request),
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {
        ...process.env,
        NODE_NO_WARNINGS: '1',
        ...(checksCertificates ? {} : { NODE_TLS_REJECT_UNAUTHORIZED: '0' }),
      },
    })
  } catch (cause) {
    const { stderr } = cause as { stderr?: string }
    const why = (stderr ?? '').trim() || 'no answer'
    throw new VpaiError('LOOKUP_URL', `lookup('url') of ${request.url} failed: ${why}`, { cause })
  }
}

function headersOf(value: Value | undefined): Record<string, string> {
  if (value === undefined || value === null || typeof value !== 'object' || Array.isArray(value)) return {}
  const entries: [unknown, unknown][] = value instanceof Map ? [...value] : Object.entries(value)
  return Object.fromEntries(entries.map(([name, text]) => [String(name), String(text)]))
}

function login({ username, password }: Options): Record<string, string> {
  if (username === undefined || username === null) return {}
  const pair = Buffer.from(`${String(username)}:${String(password ?? '')}`).toString('base64')
  return { Authorization: `Basic ${pair}` }
}
