import { DigestSecret } from '../base/digest-secret.ts'
import { Secret } from '../base/secret.ts'
import type { SecretRegistry } from '../base/secret-registry.ts'
import { digests, embeddedBase64, spellings, tellingLines, wrappedBase64 } from './encodings.ts'
import { createMaskStream, type MaskStream, maskAll } from './mask-stream.ts'
import { createMatcher, type Matcher } from './matcher.ts'

export interface MaskingRegistry extends SecretRegistry {
  /** Names of secrets too short to be masked inside other words; for a warning. */
  weak(): readonly string[]
  createMaskStream(): MaskStream
}

/** Shorter secrets are masked as whole words only: `abc` would otherwise blank half of any log. */
const SHORTEST_NEEDLE = 8

export function createSecretRegistry(): MaskingRegistry {
  const known = new Map<string, Forms>()
  const weakNames = new Set<string>()
  let built: Matcher | undefined

  function matcher(): Matcher {
    built ??= buildMatcher(known.values())
    return built
  }

  return {
    add(secret) {
      const value = secret instanceof Secret ? secret.reveal() : secret
      if (value.trim() === '') return
      if (isWeak(value)) weakNames.add(secret instanceof Secret ? secret.name : 'a derived text')
      if (known.has(value)) return
      const isDigest = secret instanceof DigestSecret
      known.set(value, isDigest ? { needles: new Set([value]), words: new Set() } : formsOf(value))
      built = undefined
    },
    taints: text => known.size > 0 && matcher().has(text),
    mask: text => (known.size > 0 ? maskAll(text, matcher()) : text),
    weak: () => [...weakNames],
    createMaskStream: () => createMaskStream(matcher),
  }
}

function isWeak(value: string): boolean {
  return value.trim().length < SHORTEST_NEEDLE
}

interface Forms {
  /** Masked wherever they stand. */
  readonly needles: ReadonlySet<string>
  /** Masked as whole words. */
  readonly words: ReadonlySet<string>
}

function formsOf(value: string): Forms {
  const needles = new Set<string>()
  const words = new Set<string>()
  const target = isWeak(value) ? words : needles
  for (const form of spellings(value)) (form.length < SHORTEST_NEEDLE ? words : target).add(form)
  for (const digest of digests(value)) needles.add(digest)
  if (isWeak(value)) return { needles, words }
  for (const line of tellingLines(value, SHORTEST_NEEDLE)) {
    for (const form of spellings(line)) addLong(needles, form)
  }
  for (const form of [...embeddedBase64(value), ...embeddedBase64(value.trim()), ...wrappedBase64(value)]) {
    addLong(needles, form)
  }
  return { needles, words }
}

function addLong(needles: Set<string>, form: string): void {
  if (form.length >= SHORTEST_NEEDLE) needles.add(form)
}

function buildMatcher(all: Iterable<Forms>): Matcher {
  const needles = new Set<string>()
  const words = new Set<string>()
  for (const forms of all) {
    for (const needle of forms.needles) needles.add(needle)
    for (const word of forms.words) words.add(word)
  }
  return createMatcher([...needles], [...words])
}
