import { describe, expect, it } from 'vitest'
import { withPreFlight } from '../../src/guard/pre-flight.ts'
import type { Action } from '../../src/modules/contract.ts'

const put = (path: string, validate?: string): Action => ({
  do: 'put',
  path,
  content: new Uint8Array(),
  ...(validate === undefined ? {} : { validate }),
})

describe('a whole new file', () => {
  it.each([
    ['/etc/ssh/sshd_config', 'sshd -t -f %s'],
    ['/etc/sudoers', 'visudo -c -f %s'],
    ['/etc/sudoers.d/deploy', 'visudo -c -f %s'],
    ['/etc/nftables.conf', 'nft -c -f %s'],
  ])('%s is checked by %s before it is put in place', (path, check) => {
    expect(withPreFlight(put(path))).toMatchObject({ validate: expect.stringContaining(check) })
  })

  it.each(['/etc/ssh/sshd_config.d/a.conf', '/etc/sudoers.d/README.old', '/etc/motd'])(
    '%s is not, as it is no whole or is not read',
    path => {
      expect(withPreFlight(put(path))).toEqual(put(path))
    },
  )

  it('keeps the check of its task', () => {
    expect(withPreFlight(put('/etc/sudoers', 'visudo -csf %s'))).toEqual(
      put('/etc/sudoers', 'visudo -csf %s'),
    )
  })
})
