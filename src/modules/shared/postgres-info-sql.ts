/** What postgresql_info asks: one JSON of the server, one of each database. */

export const SUBSETS = [
  'version',
  'in_recovery',
  'settings',
  'pending_restart_settings',
  'tablespaces',
  'roles',
  'repl_slots',
  'replications',
  'databases',
] as const
export type Subset = (typeof SUBSETS)[number]

/** Every part is one value; names of results are Ansible's. */
const PARTS: Readonly<Record<Subset, string>> = {
  version: `json_build_object('raw', version(), 'number', current_setting('server_version_num')::int,
'full', current_setting('server_version'))`,
  in_recovery: 'pg_is_in_recovery()',
  settings: `(SELECT json_object_agg(name, json_build_object('setting', setting, 'unit', coalesce(unit, ''), 'context', context,
'vartype', vartype, 'boot_val', coalesce(boot_val, ''), 'min_val', coalesce(min_val, ''), 'max_val', coalesce(max_val, ''),
'sourcefile', coalesce(sourcefile, ''), 'pending_restart', pending_restart, 'pretty_val', current_setting(name, true)))
FROM pg_settings)`,
  pending_restart_settings: `(SELECT coalesce(json_agg(name), '[]') FROM pg_settings WHERE pending_restart)`,
  tablespaces: `(SELECT json_object_agg(spcname, json_build_object('spcowner', pg_get_userbyid(spcowner),
'spcacl', coalesce(spcacl::text, ''), 'spcoptions', coalesce(to_json(spcoptions), '[]'))) FROM pg_tablespace)`,
  roles: `(SELECT json_object_agg(r.rolname, json_build_object('superuser', r.rolsuper, 'canlogin', r.rolcanlogin,
'valid_until', coalesce(r.rolvaliduntil::text, ''), 'member_of', ARRAY(SELECT b.rolname FROM pg_auth_members m
JOIN pg_roles b ON b.oid = m.roleid WHERE m.member = r.oid))) FROM pg_roles r WHERE r.rolname !~ '^pg_')`,
  repl_slots: `(SELECT coalesce(json_object_agg(slot_name, json_build_object('plugin', plugin, 'slot_type', slot_type,
'database', database, 'active', active)), '{}') FROM pg_replication_slots)`,
  replications: `(SELECT coalesce(json_object_agg(pid, json_build_object('usename', usename, 'app_name', coalesce(application_name, ''),
'client_addr', client_addr, 'client_hostname', coalesce(client_hostname, ''), 'backend_start', backend_start::text, 'state', state)),
'{}') FROM pg_stat_replication)`,
  databases: `(SELECT json_object_agg(d.datname, json_build_object('owner', pg_get_userbyid(d.datdba), 'encoding',
pg_encoding_to_char(d.encoding), 'collate', d.datcollate, 'ctype', d.datctype, 'access_priv', coalesce(d.datacl::text, ''),
'size', CASE WHEN has_database_privilege(d.datname, 'CONNECT') THEN pg_size_pretty(pg_database_size(d.datname)) ELSE 'No Access' END))
FROM pg_database d WHERE d.datname <> 'template0')`,
}

export function serverSql(subsets: readonly Subset[]): string {
  return `SELECT json_build_object(${subsets.map(name => `'${name}', ${PARTS[name]}`).join(',\n')})`
}

/** Asked in the database itself; subscriptions are seen by superusers only. */
export const DATABASE_SQL = `SELECT json_build_object(
'namespaces', (SELECT json_object_agg(nspname, json_build_object('nspowner', pg_get_userbyid(nspowner), 'nspacl',
coalesce(nspacl::text, ''))) FROM pg_namespace),
'languages', (SELECT json_object_agg(lanname, json_build_object('lanowner', pg_get_userbyid(lanowner), 'lanacl',
coalesce(lanacl::text, ''))) FROM pg_language),
'extensions', (SELECT coalesce(json_object_agg(e.extname, json_build_object('extversion', e.extversion, 'nspname', n.nspname,
'description', d.description)), '{}') FROM pg_extension e LEFT JOIN pg_namespace n ON n.oid = e.extnamespace
LEFT JOIN pg_description d ON d.objoid = e.oid AND d.classoid = 'pg_extension'::regclass),
'publications', (SELECT coalesce(json_object_agg(pubname, json_build_object('ownername', pg_get_userbyid(pubowner),
'puballtables', puballtables, 'pubinsert', pubinsert, 'pubupdate', pubupdate, 'pubdelete', pubdelete)), '{}') FROM pg_publication),
'subscriptions', (SELECT coalesce(json_object_agg(subname, json_build_object('ownername', pg_get_userbyid(subowner),
'subenabled', subenabled, 'subpublications', subpublications)), '{}') FROM pg_subscription
WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())))`
