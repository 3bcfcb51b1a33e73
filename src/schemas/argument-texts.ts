/** What arguments mean that many modules share, for editors. */

export function argumentText(module: string, argument: string, all: readonly string[]): string | undefined {
  const own = OWN[`${module}.${argument}`]
  if (own !== undefined) return own
  const ofFile = FILE[argument]
  if (ofFile !== undefined) return Object.keys(FILE).every(name => all.includes(name)) ? ofFile : undefined
  return NOT_SHARED.has(`${module}.${argument}`) ? undefined : SHARED[argument]
}

/** Modules that write files have all of these; elsewhere the words have other meanings. */
const FILE: Readonly<Record<string, string>> = {
  mode: 'Permission bits, as octal text ("0644") or in letters (u=rw,go=r).',
  owner: 'User that the file belongs to: a name or a number.',
  group: 'Group that the file belongs to: a name or a number.',
  unsafe_writes: 'Write into the file in place instead of replacing it.',
  seuser: 'SELinux user; set where SELinux is enabled on the host; _default: as the policy has it.',
  serole: 'SELinux role; set where SELinux is enabled on the host; _default: as the policy has it.',
  setype: 'SELinux type; set where SELinux is enabled on the host; _default: as the policy has it.',
  selevel: 'SELinux level; set where SELinux is enabled on the host; _default: as the policy has it.',
  attributes: 'File attributes as chattr has them, with +, - or = in front.',
}

/** The same word with another meaning. */
const NOT_SHARED = new Set(['mount.backup', 'firewalld.timeout'])

const SHARED: Readonly<Record<string, string>> = {
  backup: 'Keep what was there before under a name with the time in it.',
  validate: 'Command that looks at the new file before it is put in place; %s stands for it.',
  state: 'What shall be.',
  path: 'Path on the host.',
  dest: 'Path on the host that is written.',
  chdir: 'Directory on the host in which the command runs.',
  creates: 'Nothing is done when this path is there.',
  removes: 'Nothing is done when this path is not there.',
  executable: 'Program that is called instead of the usual one.',
  timeout: 'Seconds to wait.',
  validate_certs: 'Look whether the certificate of the server is good.',
  remote_src: 'The source is on the host, not on this machine.',
  follow: 'Follow a symbolic link at the path.',
  login_user: 'Account of the database to log in with.',
  login_password: 'Password of that account; it goes neither into arguments nor into events.',
  login_host: 'Host of the database.',
  login_port: 'Port of the database.',
  login_unix_socket: 'Socket of the database.',
  login_db: 'Database to connect to.',
  ca_cert: 'File with the certificates of authorities to trust.',
  client_cert: 'File with the certificate to log in with.',
  client_key: 'File with the key of that certificate.',
  privatekey_path: 'File of the private key, on the host.',
  privatekey_content: 'The private key itself.',
  privatekey_passphrase: 'Passphrase of the private key.',
  return_content: 'Return the content of the file too.',
  select_crypto_backend: 'Accepted; openssl on the host does the work.',
  update_cache: 'Fetch new lists of packages first.',
  cache_valid_time: 'Seconds for which lists of packages count as fresh.',
}

const OWN: Readonly<Record<string, string>> = {
  'user.group': "The user's primary group.",
  'user.groups': 'Further groups; the only ones unless append is set.',
  'user.password': 'Hash of the password, for example from the filter password_hash.',
  'copy.src': 'File or folder of the project, in files/ of the role or beside the playbook.',
  'copy.content': 'What shall be in the file, instead of src.',
  'template.src': 'Template of the project, in templates/ of the role or beside the playbook.',
  'command.cmd': 'Command with arguments; no shell reads it.',
  'command.argv': 'Command and arguments as a list.',
  'shell.cmd': 'Text that the shell reads.',
  'apt.name': 'Packages; name=1.2 asks for a version, * and ? stand for letters.',
  'service.name': 'Unit or service.',
  'service.enabled': 'Shall it begin at boot?',
  'systemd.name': 'Unit.',
  'systemd.enabled': 'Shall it begin at boot?',
  'lineinfile.regexp': 'Line to replace, as a regular expression; the last that matches counts.',
  'lineinfile.line': 'The line that shall be there.',
  'debug.msg': 'What is shown.',
  'debug.var': 'Name of a variable, or an expression without braces, to show.',
  'assert.that': 'Conditions that must all hold.',
  'uri.status_code': 'Codes that are fine.',
  'get_url.checksum': 'ALGORITHM:DIGEST, or ALGORITHM:URL of a list of checksums.',
}
