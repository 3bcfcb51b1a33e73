import { describe, expect, it } from 'vitest'
import { addRecipient, parseRecipients, removeRecipient } from '../../src/secrets/key-text.ts'

const ALICE = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p'
const BOB = 'age1lvyvwawkr0mcnnnncaghunadrqkmuf9e6507x9y920xxpp866cnql7dp2z'

describe('the recipients file', () => {
  it('lists keys without comments and blank lines', () => {
    expect(parseRecipients(`# alice\n${ALICE}\n\n  ${BOB}\r\n`, 'r')).toEqual([ALICE, BOB])
  })

  it('tells file and line of a bad key', () => {
    const read = () => parseRecipients(`${ALICE}\nssh-ed25519 AAAA x\n`, 'inventory/secrets.recipients')
    expect(read).toThrow(
      expect.objectContaining({
        code: 'SECRETS_SSH_RECIPIENT',
        position: { file: 'inventory/secrets.recipients', line: 2, column: 1 },
      }),
    )
  })

  it('takes a new key at its end, with a comment on one line', () => {
    expect(addRecipient(`# head\n${ALICE}`, BOB, 'bob,\nlaptop')).toBe(
      `# head\n${ALICE}\n# bob, laptop\n${BOB}\n`,
    )
  })

  it('stays as it is when the key is there already', () => {
    expect(addRecipient(`# head\n${ALICE}\n`, ALICE)).toBe(`# head\n${ALICE}\n`)
  })

  it('loses a key together with the comment above it, and keeps its head', () => {
    const text = `# head\n${ALICE}\n# bob\n${BOB}\n`
    expect(removeRecipient(text, BOB)).toBe(`# head\n${ALICE}\n`)
    expect(removeRecipient(text, ALICE)).toBe(`# head\n# bob\n${BOB}\n`)
  })

  it('tells when there is no such key (SECRETS_UNKNOWN_RECIPIENT)', () => {
    expect(() => removeRecipient(`${ALICE}\n`, BOB)).toThrow(
      expect.objectContaining({ code: 'SECRETS_UNKNOWN_RECIPIENT' }),
    )
  })
})
