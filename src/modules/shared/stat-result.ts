/** The keys of Ansible's stat and find results. */
import type { Dict } from '../../base/value.ts'
import type { Present } from './attributes.ts'
import { modeText } from './mode.ts'

export function statResult(path: string, found: Present): Dict {
  const has = (bit: number) => (found.mode & bit) !== 0
  const inode = Number(found.inode)
  return {
    exists: true,
    path,
    mode: modeText(found.mode),
    isdir: found.type === 'directory',
    ischr: found.type === 'char',
    isblk: found.type === 'block',
    isreg: found.type === 'file',
    isfifo: found.type === 'fifo',
    islnk: found.type === 'link',
    issock: found.type === 'socket',
    uid: found.uid,
    gid: found.gid,
    pw_name: found.owner ?? '',
    gr_name: found.group ?? '',
    size: found.size,
    inode: Number.isSafeInteger(inode) ? inode : BigInt(found.inode),
    dev: Number(found.device),
    nlink: found.nlink,
    atime: found.atime,
    mtime: found.mtime,
    ctime: found.ctime,
    rusr: has(0o400),
    wusr: has(0o200),
    xusr: has(0o100),
    rgrp: has(0o040),
    wgrp: has(0o020),
    xgrp: has(0o010),
    roth: has(0o004),
    woth: has(0o002),
    xoth: has(0o001),
    isuid: has(0o4000),
    isgid: has(0o2000),
    ...(found.type === 'link' ? { lnk_source: found.resolved ?? '', lnk_target: found.target ?? '' } : {}),
  }
}

/** `access` holds the letters of what the acting user may do. */
export function permissionBits(access: string): Dict {
  return { readable: access.includes('r'), writeable: access.includes('w'), executable: access.includes('x') }
}
