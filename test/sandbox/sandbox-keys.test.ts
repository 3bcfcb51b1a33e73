import ssh2 from 'ssh2'
import { expect, it } from 'vitest'
import { soundKeyPair } from '../../src/sandbox/sandbox-keys.ts'

it('a key pair that cannot be read is made again', () => {
  const sound = soundKeyPair(() => ssh2.utils.generateKeyPairSync('ed25519'))
  const broken = { private: sound.private, public: 'ssh-ed25519 AAAA' }
  const made = [broken, { ...sound, private: 'no key' }, sound]
  expect(soundKeyPair(() => made.shift() ?? sound)).toBe(sound)
  expect(made).toEqual([])
})
