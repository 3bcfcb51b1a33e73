/**
 * Takes a file, link or empty folder away that a task once put there. Never what a package brought, what the system
 * needs, what is something else by now, or a folder that still holds something: that is left, with the reason.
 */
import { z } from 'zod'
import { quote } from '../../base/quote.ts'
import type { Key } from '../../probes/contract.ts'
import { defineModule, type Verdict } from '../contract.ts'

const schema = () =>
  z.strictObject({ path: z.string().startsWith('/'), type: z.enum(['file', 'directory', 'link']) })
type Args = z.output<ReturnType<typeof schema>>

export const ownedPath = defineModule<Args>({
  name: 'owned_path',
  summary: 'Takes away what a task once put there',
  args: schema,
  settles: true,
  keys: args => [linkKey(args), aboutKey(args)],
  decide(args, seen): Verdict {
    const { path, type } = args
    const found = seen.get(linkKey(args))
    if (found.type === 'absent') return { kind: 'ok' }
    if (found.type === 'unknown')
      return { kind: 'fail', message: `${path} cannot be looked at: ${found.reason}` }
    if (NEEDED.test(path) || !/^\/[^/]+\/./.test(path)) return stays('the system needs it')
    if (found.type !== type) return stays(`it is a ${found.type} now`)
    const about = seen.get(aboutKey(args)).stdout.trim()
    if (about !== '') return stays(type === 'directory' ? 'it is not empty' : 'it belongs to a package')
    return {
      kind: 'change',
      changes: [{ what: 'state', subject: path, from: type, to: 'absent' }],
      apply:
        type === 'directory'
          ? [{ do: 'run', argv: ['rmdir', '--', path], failure: `${path} cannot be taken away` }]
          : [{ do: 'remove', path }],
      touches: [linkKey(args)],
    }
  },
})

function stays(reason: string): Verdict {
  return { kind: 'skip', reason }
}

/** Without them nobody can log in, or the host does not start; and folders that every host has. */
const NEEDED =
  /^\/(etc\/(passwd|shadow|group|gshadow|hosts|hostname|resolv\.conf|fstab|crypttab|sudoers|environment|profile|crontab|nsswitch\.conf|ssh\/sshd_config|apt\/sources\.list|default\/grub|os-release|localtime|netplan|network\/interfaces|pam\.d(\/.*)?|(cron|sudoers|profile|sysctl|logrotate)\.d|cron\.(hourly|daily|weekly|monthly)|apt\/(sources\.list\.d|keyrings|preferences\.d|apt\.conf\.d)|systemd\/system|ssh(\/sshd_config\.d)?|ssl(\/certs|\/private)?)|usr\/(local(\/(bin|sbin|lib|etc|share|src))?|bin|sbin|lib|share)|var\/(lib|log|cache|spool|tmp|www|backups|opt|mail)|home\/[^/]+(\/\.ssh(\/authorized_keys)?)?|root\/\.ssh(\/authorized_keys)?)$/

function linkKey({ path }: Args) {
  return { kind: 'path', path } as const satisfies Key
}

/** Says something when the path is to stay: an entry of the folder, or the package that brought the file. */
function aboutKey({ path, type }: Args): Extract<Key, { kind: 'read' }> {
  const word = quote(path)
  const script =
    type === 'directory'
      ? `ls -A -- ${word} 2>/dev/null | head -n 1`
      : `{ grep -lxF -- ${word} /var/lib/dpkg/info/*.list
awk -v p=${word} '$2 == p' /var/lib/ucf/hashfile
command -v rpm >/dev/null && rpm -qf -- ${word} | grep -v ' '
command -v apk >/dev/null && apk info -q --who-owns ${word}
} 2>/dev/null | head -n 1`
  return { kind: 'read', name: `whose is ${path}`, script }
}
