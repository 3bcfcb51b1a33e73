/** Does `work` for each item, `rows` of them at a time. */
export async function atATime<T>(
  rows: number,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = [...items]
  const row = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await work(next)
  }
  await Promise.all(Array.from({ length: rows }, row))
}
