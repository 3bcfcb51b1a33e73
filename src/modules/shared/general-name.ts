/**
 * General names of certificates (RFC 5280 4.2.1.6), written `DNS:example.com`, `IP:10.0.0.1`, `email:a@b`, `URI:…`,
 * `RID:1.2.3`. `dirName` and `otherName` are read but not made.
 */
import { colonHex, type DerNode, der, oidBytes, partsOf, readOid, readText } from './der.ts'
import { attributeName } from './x509-names.ts'

/** The bytes, or a sentence why there are none. `range`: an IP is a network, as name constraints have it. */
export function generalName(text: string, range = false): Uint8Array | string {
  const [, kind = '', value = ''] = /^\s*([A-Za-z]+)\s*:\s*(.*?)\s*$/s.exec(text) ?? []
  switch (kind.toLowerCase()) {
    case 'email':
      return der(0x81, Buffer.from(value, 'latin1'))
    case 'dns':
      return der(0x82, Buffer.from(value, 'latin1'))
    case 'uri':
      return der(0x86, Buffer.from(value, 'latin1'))
    case 'rid':
      return /^\d+(\.\d+)+$/.test(value) ? der(0x88, oidBytes(value)) : `"${text}" is no object identifier`
    case 'ip': {
      const bytes = range ? networkBytes(value) : addressBytes(value)
      return bytes === null ? `"${value}" is no IP ${range ? 'network' : 'address'}` : der(0x87, bytes)
    }
    case 'dirname':
    case 'othername':
      return `"${text}": names of that kind cannot be made here; call openssl with a configuration of its own`
    default:
      return `"${text}" must begin with DNS:, IP:, email:, URI: or RID:`
  }
}

export function showGeneralName(node: DerNode): string {
  const { tag, content } = node
  switch (tag) {
    case 0x81:
      return `email:${readText(node)}`
    case 0x82:
      return `DNS:${readText(node)}`
    case 0x86:
      return `URI:${readText(node)}`
    case 0x87:
      return `IP:${showAddress(content)}`
    case 0x88:
      return `RID:${readOid(node)}`
    case 0xa4:
      return `dirName:${showDirectoryName(content)}`
    default:
      return `otherName:${colonHex(content)}`
  }
}

function showDirectoryName(content: Uint8Array): string {
  const [name] = partsOf(content)
  const pairs = partsOf(name?.content ?? new Uint8Array())
    .flatMap(set => partsOf(set.content))
    .map(pair => {
      const [oid, value] = partsOf(pair.content)
      return oid && value ? `${attributeName(readOid(oid))}=${readText(value)}` : ''
    })
  return pairs.join(',')
}

function addressBytes(text: string): Uint8Array | null {
  const four = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  if (four !== null) {
    const numbers = four.slice(1).map(Number)
    return numbers.every(number => number < 256) ? Buffer.from(numbers) : null
  }
  return sixteen(text)
}

/** Address and mask, `10.0.0.0/8`; a mask may be written out. */
function networkBytes(text: string): Uint8Array | null {
  const [address = '', mask] = text.split('/')
  const bytes = addressBytes(address)
  if (bytes === null) return null
  const whole = mask === undefined ? bytes.length * 8 : /^\d+$/.test(mask) ? Number(mask) : null
  if (whole === null) {
    const written = addressBytes(mask ?? '')
    return written?.length === bytes.length ? Buffer.concat([bytes, written]) : null
  }
  if (whole > bytes.length * 8) return null
  const ones = [...bytes].map((_, index) => {
    const left = Math.max(0, Math.min(8, whole - index * 8))
    return (0xff << (8 - left)) & 0xff
  })
  return Buffer.concat([bytes, Buffer.from(ones)])
}

function sixteen(text: string): Uint8Array | null {
  if (!/^[0-9a-fA-F:]+$/.test(text) || !text.includes(':')) return null
  const halves = text.split('::')
  if (halves.length > 2) return null
  const words = (half: string) => (half === '' ? [] : half.split(':'))
  const [head, tail] = [words(halves[0] ?? ''), words(halves[1] ?? '')]
  const gap = 8 - head.length - tail.length
  if (halves.length === 1 ? gap !== 0 : gap < 1) return null
  const all = [...head, ...Array.from({ length: gap }, () => '0'), ...tail]
  if (all.some(word => !/^[0-9a-fA-F]{1,4}$/.test(word))) return null
  return Buffer.from(all.map(word => word.padStart(4, '0')).join(''), 'hex')
}

function showAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.')
  if (bytes.length === 8) return `${bytes.subarray(0, 4).join('.')}/${showMask(bytes.subarray(4))}`
  if (bytes.length === 32) return `${shortSix(bytes.subarray(0, 16))}/${showMask(bytes.subarray(16))}`
  return bytes.length === 16 ? shortSix(bytes) : colonHex(bytes)
}

function showMask(bytes: Uint8Array): number {
  return [...bytes].reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0)
}

/** RFC 5952: the first longest run of zero words becomes `::`. */
function shortSix(bytes: Uint8Array): string {
  const words = (Buffer.from(bytes).toString('hex').match(/.{4}/g) ?? []).map(word =>
    Number.parseInt(word, 16).toString(16),
  )
  const runs = words.map((_, start) => words.slice(start).findIndex(word => word !== '0'))
  const lengths = runs.map((run, start) => (run < 0 ? words.length - start : run))
  const longest = Math.max(...lengths)
  if (longest < 2) return words.join(':')
  const at = lengths.indexOf(longest)
  return `${words.slice(0, at).join(':')}::${words.slice(at + longest).join(':')}`
}
