/** Reads the events of `--output ndjson`: the longest time that a host waited for its next result, as a share of the run from the first result on. */
export function longestWait(ndjson: string): number {
  const last = new Map<string, number>()
  let [begin, end, longest] = [0, 0, 0]
  for (const line of ndjson.split('\n')) {
    if (line === '') continue
    const event = JSON.parse(line) as { type: string; time: number; host?: string }
    if (event.type === 'host.connected' && begin === 0) begin = event.time
    if (event.type === 'run.ended') end = event.time
    if (event.type !== 'task.result' || event.host === undefined) continue
    longest = Math.max(longest, event.time - (last.get(event.host) ?? begin))
    last.set(event.host, event.time)
  }
  return longest / (end - begin)
}
