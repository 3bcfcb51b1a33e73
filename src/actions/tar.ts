/**
 * Regular files as a tar archive (POSIX ustar; names of more than 100 bytes in GNU's way, which every tar reads). Owners
 * and modes are not in it: whoever unpacks it sets them. Pieces come one after the other, so that nothing holds the whole.
 */
export interface TarFile {
  /** Relative, UTF-8. */
  readonly name: string
  readonly content: Uint8Array
  /** Seconds since the epoch: whole, not negative and below 2^33. */
  readonly mtime: number
}

export function* tarPieces(files: readonly TarFile[]): Generator<Uint8Array> {
  for (const { name, content, mtime } of files) {
    yield* namePieces(name)
    yield header(name, { size: content.length, mtime, type: FILE })
    yield* padded(content)
  }
  yield new Uint8Array(2 * BLOCK)
}

export function tarLength(files: readonly TarFile[]): number {
  return files.reduce((sum, { name, content }) => {
    const length = Buffer.byteLength(name)
    const long = length > NAME ? BLOCK + roundUp(length + 1) : 0
    return sum + long + BLOCK + roundUp(content.length)
  }, 2 * BLOCK)
}

const BLOCK = 512
const NAME = 100
const FILE = '0'
const LONG_NAME = 'L'

function* namePieces(name: string): Generator<Uint8Array> {
  const bytes = Buffer.from(`${name}\0`)
  if (bytes.length - 1 <= NAME) return
  yield header('././@LongLink', { size: bytes.length, mtime: 0, type: LONG_NAME })
  yield* padded(bytes)
}

function header(
  name: string,
  { size, mtime, type }: { readonly size: number; readonly mtime: number; readonly type: string },
): Uint8Array {
  const block = Buffer.alloc(BLOCK)
  Buffer.from(name).copy(block, 0, 0, NAME)
  block.write(octal(0o600, 7), 100, 'latin1')
  block.write(octal(0, 7), 108, 'latin1')
  block.write(octal(0, 7), 116, 'latin1')
  block.write(octal(size, 11), 124, 'latin1')
  block.write(octal(mtime, 11), 136, 'latin1')
  block.write('        ', 148, 'latin1')
  block.write(type, 156, 'latin1')
  block.write('ustar\u000000', 257, 'latin1')
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${octal(sum, 6)}\0 `, 148, 'latin1')
  return block
}

function* padded(content: Uint8Array): Generator<Uint8Array> {
  yield content
  const rest = roundUp(content.length) - content.length
  if (rest > 0) yield new Uint8Array(rest)
}

const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0')
const roundUp = (size: number): number => Math.ceil(size / BLOCK) * BLOCK
