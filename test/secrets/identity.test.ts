import { describe, expect, it } from 'vitest'
import { checkIdentityMode, findIdentitySource } from '../../src/secrets/identity.ts'

const HOME = '/home/me'

describe('findIdentitySource', () => {
  it.each([
    [
      'the flag before all',
      { flag: '/k', environment: { VPAI_AGE_IDENTITY: '/e' } },
      { kind: 'file', path: '/k', origin: '--identity' },
    ],
    [
      'the variable as a path',
      { environment: { VPAI_AGE_IDENTITY: '~/e' } },
      { kind: 'file', path: '/home/me/e', origin: 'VPAI_AGE_IDENTITY' },
    ],
    [
      'the default',
      { environment: {} },
      { kind: 'file', path: '/home/me/.config/vpai/identity', origin: 'the default place' },
    ],
    [
      'XDG_CONFIG_HOME',
      { environment: { XDG_CONFIG_HOME: '/c' } },
      { kind: 'file', path: '/c/vpai/identity', origin: 'the default place' },
    ],
    [
      'an empty variable as none',
      { environment: { VPAI_AGE_IDENTITY: '' } },
      { kind: 'file', path: '/home/me/.config/vpai/identity', origin: 'the default place' },
    ],
  ])('takes %s', (_, query, source) => {
    expect(findIdentitySource({ homeDirectory: HOME, ...query })).toEqual(source)
  })

  it('takes the key itself from the variable, as a secret', () => {
    const source = findIdentitySource({
      homeDirectory: HOME,
      environment: { VPAI_AGE_IDENTITY: 'AGE-SECRET-KEY-1QQ\n' },
    })
    expect(source.kind === 'key' && source.key.reveal()).toBe('AGE-SECRET-KEY-1QQ')
    expect(JSON.stringify(source)).not.toContain('1QQ')
  })
})

describe('checkIdentityMode', () => {
  it.each([0o100600, 0o100400])('accepts mode %o', mode => {
    expect(() => checkIdentityMode('/k', mode)).not.toThrow()
  })

  it.each([0o100640, 0o100604, 0o100660, 0o100644])(
    'refuses mode %o with the command that mends it (SECRETS_IDENTITY_MODE)',
    mode => {
      expect(() => checkIdentityMode("/my key's", mode)).toThrow(
        expect.objectContaining({ code: 'SECRETS_IDENTITY_MODE', hint: `chmod 600 '/my key'\\''s'` }),
      )
    },
  )
})
