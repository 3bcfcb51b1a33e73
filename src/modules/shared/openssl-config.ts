/** Configuration files of openssl. Extensions are written as bytes, so every version of openssl makes the same of them. */
import { hex } from './der.ts'
import type { Extension, X509Name } from './x509-document.ts'

/** For `openssl req -new`: the subject and the extensions of a request. */
export function requestConfig(subject: X509Name, extensions: ReadonlyMap<string, Extension>): string {
  return [
    '[req]',
    'prompt = no',
    'utf8 = yes',
    'string_mask = utf8only',
    'distinguished_name = name',
    ...(extensions.size === 0 ? [] : ['req_extensions = more']),
    '[name]',
    // The number before the first dot keeps two fields of the same kind apart.
    ...subject.map(([oid, value], index) => `${index}.${oid} = ${configWord(value)}`),
    extensionSection(extensions),
  ].join('\n')
}

/** A section [more]. */
export function extensionSection(extensions: ReadonlyMap<string, Extension>): string {
  const lines = [...extensions].map(
    ([oid, { critical, value }]) =>
      `${oid} = ${critical ? 'critical,' : ''}DER:${hex(value).replace(/(..)(?=.)/g, '$1:')}`,
  )
  return ['[more]', ...lines, ''].join('\n')
}

function configWord(value: string): string {
  const escaped = value.replace(/[\\$#"'`;]/g, '\\$&')
  return escaped.replace(/^ | $/g, '\\ ')
}
