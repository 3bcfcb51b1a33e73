/** Runs at most `width` of the functions handed to it at a time, in the order they came. */
export function limiter(width: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0
  const waiting: (() => void)[] = []
  const leave = () => {
    running--
    waiting.shift()?.()
  }
  return async work => {
    if (running >= width) await new Promise<void>(resolve => waiting.push(resolve))
    running++
    try {
      return await work()
    } finally {
      leave()
    }
  }
}
