/**
 * What the swarm says of a value it could not read as a template of its own, without the value: it tells that with its
 * per cent signs spoilt, so that a secret in it would not be known as one.
 */
export function unexpanded(words: string): string {
  return words.replace(/(expanding env ")([^"=]*)=[\s\S]*?(": template:)/g, '$1$2$3')
}
