/** Bytes whose number is known and that come one piece after the other, so that nobody has to hold them all. */
export interface Pieces {
  readonly length: number
  /** Begins anew each time; together as long as `length` says. */
  readonly pieces: () => Iterable<Uint8Array>
}

/** Small pieces put together to some of a size that travels well; large ones pass as they are. */
export function* gathered(pieces: Iterable<Uint8Array>, size = 64 * 1024): Generator<Uint8Array> {
  let held: Uint8Array[] = []
  let length = 0
  for (const piece of pieces) {
    if (piece.length >= size || length + piece.length > size) {
      if (length > 0) yield Buffer.concat(held)
      held = []
      length = 0
    }
    if (piece.length >= size) yield piece
    else {
      held.push(piece)
      length += piece.length
    }
  }
  if (length > 0) yield Buffer.concat(held)
}
