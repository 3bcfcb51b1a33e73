/**
 * Names and arguments of all modules as plain text, so that reading a project loads neither zod nor a module.
 * The table is made from the schemas: `npx vitest run test/modules/catalogue -u` writes it anew, and the
 * same test fails when it is out of date.
 */
export interface ModuleArguments {
  /** Short name, also for an alias or a full name. */
  readonly canonical: string
  /** All arguments and their aliases; null when any name is one. */
  readonly args: readonly string[] | null
  /** Takes free text, as command does. */
  readonly freeForm: boolean
}

export function moduleNames(): string[] {
  return [...table().keys()]
}

/** By short name, alias or full name; null when there is no such module. */
export function moduleArguments(name: string): ModuleArguments | null {
  return table().get(name.replace(COLLECTION, '')) ?? null
}

const COLLECTION = /^[a-z]\w*\.[a-z]\w*\./

let parsed: ReadonlyMap<string, ModuleArguments> | null = null

function table(): ReadonlyMap<string, ModuleArguments> {
  parsed ??= new Map(TABLE.trim().split('\n').flatMap(readLine))
  return parsed
}

/** name[,alias…][!]: arguments. `!` marks free text, `*` any argument. */
function readLine(line: string): [string, ModuleArguments][] {
  const [head = '', rest = ''] = line.split(': ')
  const [canonical = '', ...aliases] = head.replace('!', '').split(',')
  const args = rest === '*' ? null : rest.split(' ').filter(key => key !== '')
  const entry = { canonical, args, freeForm: head.endsWith('!') }
  return [canonical, ...aliases].map(name => [name, entry])
}

const TABLE = `
add_host: *
alternatives,update_alternatives: name path family link priority state subcommands slaves
apt!: name state update_cache update_cache_retries update_cache_retry_max_delay cache_valid_time upgrade deb purge autoremove autoclean clean default_release install_recommends only_upgrade dpkg_options force force_apt_get allow_unauthenticated allow_downgrade allow_change_held_packages auto_install_module_deps fail_on_autoremove lock_timeout policy_rc_d pkg package update-cache default-release install-recommends allow-unauthenticated allow-downgrade allow_downgrades allow-downgrades
apt_key: id data file url keyserver keyring state validate_certs key
apt_repository!: repo state filename mode update_cache update_cache_retries update_cache_retry_max_delay validate_certs codename install_python_apt update-cache
archive: path dest format exclude_path exclusion_patterns force_archive remove mode owner group seuser serole setype selevel attributes unsafe_writes attr
assemble: src dest delimiter regexp ignore_hidden remote_src backup validate decrypt mode owner group seuser serole setype selevel attributes unsafe_writes attr
assert: that fail_msg success_msg quiet msg
async_status: jid mode
at: command script_file count units state unique
authorized_key: user key state exclusive key_options comment path manage_dir follow validate_certs
blockinfile: path state block marker marker_begin marker_end insertafter insertbefore create backup validate append_newline prepend_newline encoding mode owner group seuser serole setype selevel attributes unsafe_writes attr dest destfile name content
command!: chdir creates removes stdin stdin_add_newline strip_empty_ends cmd argv expand_argument_vars
copy: src content dest backup force follow local_follow remote_src directory_mode validate checksum decrypt mode owner group seuser serole setype selevel attributes unsafe_writes attr thirsty
cron: name job minute hour day month weekday special_time state disabled user cron_file env insertafter insertbefore backup value dom dow
deb822_repository: name state mode types uris suites components architectures languages targets signed_by enabled trusted allow_downgrade_to_insecure allow_insecure allow_weak by_hash check_date check_valid_until date_max_future inrelease_path pdiffs install_python_debian
debconf: name question vtype value unseen pkg selection setting answer
debug: msg var verbosity
dnf,yum,dnf5!: name state list update_cache enablerepo disablerepo enable_plugin disable_plugin exclude disable_excludes conf_file disable_gpg_check installroot releasever security bugfix autoremove allow_downgrade allowerasing best nobest cacheonly download_only download_dir install_weak_deps skip_broken sslverify validate_certs update_only lock_timeout use_backend install_repoquery auto_install_module_deps pkg expire-cache use
docker_compose_v2: project_src project_name files env_files profiles check_files_existing docker_cli cli_context services state pull build recreate renew_anon_volumes remove_orphans remove_images remove_volumes dependencies scale timeout wait wait_timeout ignore_build_events assume_yes docker_host api_version tls validate_certs ca_path client_cert client_key tls_hostname use_ssh_client debug docker_url docker_api_version tls_verify ca_cert tls_ca_cert cacert_path tls_client_cert cert_path tls_client_key key_path
docker_compose_v2_exec: project_src project_name files env_files profiles check_files_existing docker_cli cli_context service argv command chdir detach user stdin stdin_add_newline strip_empty_ends tty env index privileged docker_host api_version tls validate_certs ca_path client_cert client_key tls_hostname timeout use_ssh_client debug docker_url docker_api_version tls_verify ca_cert tls_ca_cert cacert_path tls_client_cert cert_path tls_client_key key_path
docker_compose_v2_pull: project_src project_name files env_files profiles check_files_existing docker_cli cli_context services policy include_deps ignore_buildable docker_host api_version tls validate_certs ca_path client_cert client_key tls_hostname timeout use_ssh_client debug docker_url docker_api_version tls_verify ca_cert tls_ca_cert cacert_path tls_client_cert cert_path tls_client_key key_path
docker_compose_v2_run: project_src project_name files env_files profiles check_files_existing docker_cli cli_context service argv command chdir detach user stdin stdin_add_newline strip_empty_ends tty env build cap_add cap_drop cleanup entrypoint interactive labels name no_deps publish quiet_pull remove_orphans service_ports use_aliases volumes docker_host api_version tls validate_certs ca_path client_cert client_key tls_hostname timeout use_ssh_client debug docker_url docker_api_version tls_verify ca_cert tls_ca_cert cacert_path tls_client_cert cert_path tls_client_key key_path
docker_config: name state data data_is_b64 data_src labels force rolling_versions versions_to_keep template_driver docker_host api_version tls validate_certs ca_path client_cert client_key tls_hostname timeout use_ssh_client debug docker_url docker_api_version tls_verify ca_cert tls_ca_cert cacert_path tls_client_cert cert_path tls_client_key key_path
docker_container: name state cleanup command_handling comparisons container_default_behavior default_host_ip detach force_kill healthy_wait_timeout ignore_image image_comparison image_label_mismatch image_name_mismatch keep_volumes kill_signal networks_cli_compatible output_logs paused pull pull_check_mode_behavior purge_networks recreate removal_wait_timeout restart auto_remove blkio_weight capabilities cap_drop cgroupns_mode cgroup_parent command cpu_period cpu_quota cpus cpuset_cpus cpuset_mems cpu_shares devices device_read_bps device_write_bps device_read_iops device_write_iops device_requests device_cgroup_rules dns_opts dns_servers dns_search_domains domainname entrypoint env env_file etc_hosts exposed_ports groups healthcheck hostname image init interactive ipc_mode kernel_memory labels links log_driver log_options mac_address memory memory_reservation memory_swap memory_swappiness mounts network_mode networks oom_killer oom_score_adj pid_mode pids_limit platform privileged publish_all_ports published_ports read_only restart_policy restart_retries runtime security_opts shm_size stop_signal stop_timeout storage_opts sysctls tmpfs tty ulimits user userns_mode uts volume_driver volumes volumes_from working_dir docker_host api_version tls validate_certs ca_path client_cert client_key tls_hostname timeout use_ssh_client debug docker_url docker_api_version tls_verify ca_cert tls_ca_cert cacert_path tls_client_cert cert_path tls_client_key key_path exposed expose forcekill log_opt ports
docker_container_exec: container argv command chdir env user stdin stdin_add_newline strip_empty_ends tty detach docker_host api_version tls validate_certs ca_path client_cert client_key tls_hostname timeout use_ssh_client debug docker_url docker_api_version tls_verify ca_cert tls_ca_cert cacert_path tls_client_cert cert_path tls_client_key key_path
docker_container_health: name retries delay max_delay log_lines on_failure
docker_container_info: name docker_host api_version tls validate_certs ca_path client_cert client_key tls_hostname timeout use_ssh_client debug docker_url docker_api_version tls_verify ca_cert tls_ca_cert cacert_path tls_client_cert cert_path tls_client_key key_path
docker_host_info: containers containers_all containers_filters images images_filters networks networks_filters volumes volumes_filters disk_usage verbose_output docker_host api_version tls validate_certs ca_path client_cert client_key tls_hostname timeout use_ssh_client debug docker_url docker_api_version tls_verify ca_cert tls_ca_cert cacert_path tls_client_cert cert_path tls_client_key key_path
docker_image: name tag state source build pull load_path archive_path repository push force_source force_tag force_absent docker_host api_version tls validate_certs ca_path client_cert client_key tls_hostname timeout use_ssh_client debug docker_url docker_api_version tls_verify ca_cert tls_ca_cert cacert_path tls_client_cert cert_path tls_client_key key_path
docker_image_build: name tag path dockerfile cache_from pull network nocache etc_hosts args target platform shm_size labels rebuild secrets outputs docker_cli cli_context docker_host api_version tls validate_certs ca_path client_cert client_key tls_hostname timeout use_ssh_client debug docker_url docker_api_version tls_verify ca_cert tls_ca_cert cacert_path tls_client_cert cert_path tls_client_key key_path
docker_image_export: names tag path force docker_host api_version tls validate_certs ca_path client_cert client_key tls_hostname timeout use_ssh_client debug name docker_url docker_api_version tls_verify ca_cert tls_ca_cert cacert_path tls_client_cert cert_path tls_client_key key_path
docker_image_info: name docker_host api_version tls validate_certs ca_path client_cert client_key tls_hostname timeout use_ssh_client debug docker_url docker_api_version tls_verify ca_cert tls_ca_cert cacert_path tls_client_cert cert_path tls_client_key key_path
docker_image_load: path docker_host api_version tls validate_certs ca_path client_cert client_key tls_hostname timeout use_ssh_client debug docker_url docker_api_version tls_verify ca_cert tls_ca_cert cacert_path tls_client_cert cert_path tls_client_key key_path
docker_image_pull: name tag platform pull docker_host api_version tls validate_certs ca_path client_cert client_key tls_hostname timeout use_ssh_client debug docker_url docker_api_version tls_verify ca_cert tls_ca_cert cacert_path tls_client_cert cert_path tls_client_key key_path
docker_image_push: name tag docker_host api_version tls validate_certs ca_path client_cert client_key tls_hostname timeout use_ssh_client debug docker_url docker_api_version tls_verify ca_cert tls_ca_cert cacert_path tls_client_cert cert_path tls_client_key key_path
docker_image_remove: name tag force prune docker_host api_version tls validate_certs ca_path client_cert client_key tls_hostname timeout use_ssh_client debug docker_url docker_api_version tls_verify ca_cert tls_ca_cert cacert_path tls_client_cert cert_path tls_client_key key_path
docker_image_tag: name tag repository existing_images docker_host api_version tls validate_certs ca_path client_cert client_key tls_hostname timeout use_ssh_client debug docker_url docker_api_version tls_verify ca_cert tls_ca_cert cacert_path tls_client_cert cert_path tls_client_key key_path
docker_login: registry_url username password state reauthorize config_path docker_host api_version tls validate_certs ca_path client_cert client_key tls_hostname timeout use_ssh_client debug registry url reauth dockercfg_path docker_url docker_api_version tls_verify ca_cert tls_ca_cert cacert_path tls_client_cert cert_path tls_client_key key_path
docker_network: name state driver driver_options internal attachable config_from config_only enable_ipv4 enable_ipv6 ingress scope labels ipam_driver ipam_driver_options ipam_config connected appends force docker_host api_version tls validate_certs ca_path client_cert client_key tls_hostname timeout use_ssh_client debug network_name containers incremental docker_url docker_api_version tls_verify ca_cert tls_ca_cert cacert_path tls_client_cert cert_path tls_client_key key_path
docker_network_info: name docker_host api_version tls validate_certs ca_path client_cert client_key tls_hostname timeout use_ssh_client debug network_name docker_url docker_api_version tls_verify ca_cert tls_ca_cert cacert_path tls_client_cert cert_path tls_client_key key_path
docker_node: hostname labels labels_state labels_to_remove availability role docker_host api_version tls validate_certs ca_path client_cert client_key tls_hostname timeout use_ssh_client debug docker_url docker_api_version tls_verify ca_cert tls_ca_cert cacert_path tls_client_cert cert_path tls_client_key key_path
docker_node_info: name self docker_host api_version tls validate_certs ca_path client_cert client_key tls_hostname timeout use_ssh_client debug docker_url docker_api_version tls_verify ca_cert tls_ca_cert cacert_path tls_client_cert cert_path tls_client_key key_path
docker_prune: containers containers_filters images images_filters networks networks_filters volumes volumes_filters builder_cache builder_cache_all builder_cache_filters builder_cache_keep_storage docker_host api_version tls validate_certs ca_path client_cert client_key tls_hostname timeout use_ssh_client debug docker_url docker_api_version tls_verify ca_cert tls_ca_cert cacert_path tls_client_cert cert_path tls_client_key key_path
docker_secret: name state data data_is_b64 data_src labels force rolling_versions versions_to_keep template_driver docker_host api_version tls validate_certs ca_path client_cert client_key tls_hostname timeout use_ssh_client debug docker_url docker_api_version tls_verify ca_cert tls_ca_cert cacert_path tls_client_cert cert_path tls_client_key key_path
docker_stack: name state compose prune detach with_registry_auth resolve_image absent_retries absent_retries_interval docker_cli cli_context docker_host api_version tls validate_certs ca_path client_cert client_key tls_hostname timeout use_ssh_client debug docker_url docker_api_version tls_verify ca_cert tls_ca_cert cacert_path tls_client_cert cert_path tls_client_key key_path
docker_stack_info: docker_cli cli_context docker_host api_version tls validate_certs ca_path client_cert client_key tls_hostname timeout use_ssh_client debug docker_url docker_api_version tls_verify ca_cert tls_ca_cert cacert_path tls_client_cert cert_path tls_client_key key_path
docker_stack_task_info: name docker_cli cli_context docker_host api_version tls validate_certs ca_path client_cert client_key tls_hostname timeout use_ssh_client debug docker_url docker_api_version tls_verify ca_cert tls_ca_cert cacert_path tls_client_cert cert_path tls_client_key key_path
docker_swarm: state advertise_addr listen_addr data_path_addr data_path_port default_addr_pool subnet_size force remote_addrs join_token node_id name labels task_history_retention_limit snapshot_interval keep_old_snapshots log_entries_for_slow_followers heartbeat_tick election_tick dispatcher_heartbeat_period node_cert_expiry autolock_managers signing_ca_cert signing_ca_key ca_force_rotate rotate_worker_token rotate_manager_token docker_host api_version tls validate_certs ca_path client_cert client_key tls_hostname timeout use_ssh_client debug docker_url docker_api_version tls_verify ca_cert tls_ca_cert cacert_path tls_client_cert cert_path tls_client_key key_path
docker_swarm_info: nodes nodes_filters services services_filters tasks tasks_filters unlock_key verbose_output docker_host api_version tls validate_certs ca_path client_cert client_key tls_hostname timeout use_ssh_client debug docker_url docker_api_version tls_verify ca_cert tls_ca_cert cacert_path tls_client_cert cert_path tls_client_key key_path
docker_swarm_service: name state image args command configs secrets container_labels labels cap_add cap_drop dns dns_search dns_options endpoint_mode env env_files force_update groups healthcheck hostname hosts init limits reservations logging mode mounts networks placement publish read_only replicas resolve_image restart_config rollback_config update_config stop_grace_period stop_signal sysctls tty user working_dir docker_host api_version tls validate_certs ca_path client_cert client_key tls_hostname timeout use_ssh_client debug docker_url docker_api_version tls_verify ca_cert tls_ca_cert cacert_path tls_client_cert cert_path tls_client_key key_path
docker_volume: volume_name state driver driver_options labels recreate docker_host api_version tls validate_certs ca_path client_cert client_key tls_hostname timeout use_ssh_client debug name docker_url docker_api_version tls_verify ca_cert tls_ca_cert cacert_path tls_client_cert cert_path tls_client_key key_path
docker_volume_info: name docker_host api_version tls validate_certs ca_path client_cert client_key tls_hostname timeout use_ssh_client debug volume_name docker_url docker_api_version tls_verify ca_cert tls_ca_cert cacert_path tls_client_cert cert_path tls_client_key key_path
dpkg_selections: name selection
expect: command responses timeout echo chdir creates removes
fail: msg
fetch: src dest flat fail_on_missing validate_checksum
file: path state src recurse force follow access_time access_time_format modification_time modification_time_format mode owner group seuser serole setype selevel attributes unsafe_writes attr dest name
find: paths patterns excludes use_regex contains read_whole_file file_type recurse depth hidden follow age age_stamp size mode exact_mode get_checksum checksum_algorithm limit encoding path name pattern exclude checksum checksum_algo
firewalld: service protocol port port_forward rich_rule source interface icmp_block icmp_block_inversion masquerade forward target zone state permanent immediate timeout offline
get_url: url dest checksum force backup timeout headers url_username url_password force_basic_auth http_agent validate_certs use_proxy use_netrc use_gssapi client_cert client_key ciphers decompress tmp_dest unredirected_headers mode owner group seuser serole setype selevel attributes unsafe_writes attr username password
getent: database key split fail_key service
git: repo dest version remote refspec reference force depth clone update bare single_branch recursive track_submodules verify_commit accept_hostkey accept_newhostkey key_file ssh_opts executable umask name
group!: name gid state system local non_unique force gid_min gid_max
group_by: key parents
hcloud_firewall: id name labels force rules state api_token endpoint api_endpoint
hcloud_server: id name server_type image allow_deprecated_image location datacenter user_data ssh_keys volumes firewalls private_networks placement_group enable_ipv4 enable_ipv6 ipv4 ipv6 labels backups rescue_mode delete_protection rebuild_protection upgrade_disk force force_upgrade state api_token endpoint api_endpoint image_allow_deprecated
hcloud_ssh_key: force id name fingerprint public_key labels state api_token endpoint api_endpoint
hostname!: name use
htpasswd: path name password hash_scheme state create mode owner group seuser serole setype selevel attributes unsafe_writes attr dest destfile username crypt_scheme
include_vars!: file dir name depth files_matching ignore_files extensions ignore_unknown_extensions hash_behaviour _raw_params
ini_file: path section option value values state exclusive backup create follow allow_no_value no_extra_spaces ignore_spaces modify_inactive_option mode owner group seuser serole setype selevel attributes unsafe_writes attr dest
iptables: table state action rule_num ip_version chain chain_management protocol source destination tcp_flags match jump goto gateway log_prefix log_level in_interface out_interface fragment set_counters source_port destination_port destination_ports to_ports to_destination to_source syn set_dscp_mark set_dscp_mark_class comment ctstate src_range dst_range match_set match_set_flags limit limit_burst uid_owner gid_owner reject_with icmp_type flush policy wait numeric
known_hosts: name key path state hash_host host
lineinfile: path state regexp search_string line backrefs insertafter insertbefore create backup firstmatch validate encoding mode owner group seuser serole setype selevel attributes unsafe_writes attr dest destfile name regex value
locale_gen: name state
meta!: free_form _raw_params
modprobe: name state params persistent
mount: path src fstype opts opts_no_log dump passno state fstab boot backup name
mysql_db: name encoding collation state target single_transaction quick ignore_tables hex_blob force master_data skip_lock_tables dump_extra_args use_shell pipefail unsafe_login_password restrict_config_file config_overrides_defaults chdir check_implicit_admin sql_log_bin login_user login_password login_host login_port login_unix_socket config_file connect_timeout client_cert client_key ca_cert check_hostname ssl_cert ssl_key ssl_ca db
mysql_query: query positional_args named_args login_db single_transaction login_user login_password login_host login_port login_unix_socket config_file connect_timeout client_cert client_key ca_cert check_hostname ssl_cert ssl_key ssl_ca
mysql_user: name host host_all password encrypted plugin plugin_hash_string plugin_auth_string priv append_privs subtract_privs tls_requires resource_limits session_vars update_password state force_context column_case_sensitive check_implicit_admin sql_log_bin login_user login_password login_host login_port login_unix_socket config_file connect_timeout client_cert client_key ca_cert check_hostname ssl_cert ssl_key ssl_ca user
mysql_variables: variable value mode login_user login_password login_host login_port login_unix_socket config_file connect_timeout client_cert client_key ca_cert check_hostname ssl_cert ssl_key ssl_ca
npm: name version path global executable ignore_scripts unsafe_perm ci production registry state no_optional no_bin_links force
openssh_keypair: path state type size comment passphrase private_key_format backend regenerate force mode owner group seuser serole setype selevel attributes unsafe_writes attr
openssl_csr: path state privatekey_path privatekey_content privatekey_passphrase digest version subject subject_ordered country_name state_or_province_name locality_name organization_name organizational_unit_name common_name email_address subject_alt_name subject_alt_name_critical use_common_name_for_san key_usage key_usage_critical extended_key_usage extended_key_usage_critical basic_constraints basic_constraints_critical ocsp_must_staple ocsp_must_staple_critical name_constraints_permitted name_constraints_excluded name_constraints_critical create_subject_key_identifier subject_key_identifier authority_key_identifier authority_cert_issuer authority_cert_serial_number crl_distribution_points force backup return_content select_crypto_backend mode owner group seuser serole setype selevel attributes unsafe_writes attr CN commonName C countryName E emailAddress L localityName O organizationName OU organizationalUnitName ST stateOrProvinceName subjectAltName subjectAltName_critical useCommonNameForSAN keyUsage keyUsage_critical extKeyUsage extendedKeyUsage extKeyUsage_critical extendedKeyUsage_critical basicConstraints basicConstraints_critical ocspMustStaple ocspMustStaple_critical
openssl_dhparam: path state size force backup return_content select_crypto_backend mode owner group seuser serole setype selevel attributes unsafe_writes attr
openssl_pkcs12: path state action src certificate_path privatekey_path privatekey_content privatekey_passphrase other_certificates other_certificates_parse_all other_certificates_content friendly_name passphrase encryption_level iter_size maciter_size force backup return_content select_crypto_backend mode owner group seuser serole setype selevel attributes unsafe_writes attr ca_certificates name
openssl_privatekey: path state type size curve passphrase cipher format format_mismatch regenerate force backup return_content select_crypto_backend mode owner group seuser serole setype selevel attributes unsafe_writes attr
openssl_privatekey_info: path content passphrase check_consistency return_private_key_data select_crypto_backend
openssl_publickey: path state privatekey_path privatekey_content privatekey_passphrase format force backup return_content select_crypto_backend mode owner group seuser serole setype selevel attributes unsafe_writes attr
package!: name state use update_cache cache_valid_time pkg
package_facts: manager strategy
pause: minutes seconds prompt echo
ping: data
pip: name version requirements virtualenv virtualenv_command virtualenv_python virtualenv_site_packages state extra_args editable chdir executable umask break_system_packages
postgresql_db: name owner template encoding lc_collate lc_ctype conn_limit tablespace state target target_opts dump_extra_args force maintenance_db login_user login_password login_host login_port login_unix_socket ssl_mode ssl_cert ssl_key ca_cert connect_params session_role trust_input login host port unix_socket ssl_rootcert db login_db
postgresql_ext: name login_db schema version state cascade login_user login_password login_host login_port login_unix_socket ssl_mode ssl_cert ssl_key ca_cert connect_params session_role trust_input login host port unix_socket ssl_rootcert db ext
postgresql_info: filter login_db login_user login_password login_host login_port login_unix_socket ssl_mode ssl_cert ssl_key ca_cert connect_params session_role trust_input login host port unix_socket ssl_rootcert db
postgresql_owner: new_owner obj_name obj_type reassign_owned_by fail_on_role login_db login_user login_password login_host login_port login_unix_socket ssl_mode ssl_cert ssl_key ca_cert connect_params session_role trust_input login host port unix_socket ssl_rootcert db type
postgresql_ping: login_db login_user login_password login_host login_port login_unix_socket ssl_mode ssl_cert ssl_key ca_cert connect_params session_role trust_input login host port unix_socket ssl_rootcert db
postgresql_privs: login_db state privs type objs schema roles target_roles grant_option fail_on_role login_user login_password login_host login_port login_unix_socket ssl_mode ssl_cert ssl_key ca_cert connect_params session_role trust_input login host port unix_socket ssl_rootcert db database priv obj role admin_option password
postgresql_query: query positional_args named_args login_db autocommit encoding search_path login_user login_password login_host login_port login_unix_socket ssl_mode ssl_cert ssl_key ca_cert connect_params session_role trust_input login host port unix_socket ssl_rootcert db
postgresql_schema: name login_db owner comment state cascade_drop login_user login_password login_host login_port login_unix_socket ssl_mode ssl_cert ssl_key ca_cert connect_params session_role trust_input login host port unix_socket ssl_rootcert db database schema
postgresql_set: name value reset login_db login_user login_password login_host login_port login_unix_socket ssl_mode ssl_cert ssl_key ca_cert connect_params session_role trust_input login host port unix_socket ssl_rootcert db
postgresql_user: name password login_db state role_attr_flags conn_limit expires comment encrypted no_password_changes fail_on_user priv groups login_user login_password login_host login_port login_unix_socket ssl_mode ssl_cert ssl_key ca_cert connect_params session_role trust_input login host port unix_socket ssl_rootcert user db fail_on_role
raw!: cmd executable
reboot: reboot_timeout connect_timeout pre_reboot_delay post_reboot_delay test_command msg reboot_command boot_time_command search_paths
replace: path regexp replace after before backup validate encoding mode owner group seuser serole setype selevel attributes unsafe_writes attr dest destfile name
rpm_key: key state fingerprint validate_certs
s3_object,aws_s3: bucket object mode src dest content content_base64 copy_src overwrite prefix marker max_keys expiry encrypt encryption_mode encryption_kms_key_id permission metadata headers retries access_key secret_key session_token profile region endpoint_url ceph sig_v4 validate_certs aws_ca_bundle ignore_nonexistent_bucket validate_bucket_name tags purge_tags version aws_config dualstack debug_botocore_endpoint_logs aws_access_key_id aws_access_key ec2_access_key aws_secret_access_key aws_secret_key ec2_secret_key aws_session_token security_token aws_security_token access_token aws_profile aws_region ec2_region ec2_url aws_endpoint_url s3_url rgw force retry expiration resource_tags
script!: chdir creates removes stdin stdin_add_newline strip_empty_ends cmd executable
seboolean: name state persistent ignore_selinux_state
sefcontext: target ftype setype substitute seuser selevel state reload ignore_selinux_state path equal serange
selinux: state policy configfile update_kernel_param conf file
service,sysvinit: name state enabled arguments sleep pattern runlevel use args
service_facts: 
set_fact: *
set_stats: data per_host aggregate
setup,gather_facts: gather_subset gather_timeout filter fact_path
shell!: chdir creates removes stdin stdin_add_newline strip_empty_ends cmd executable
slurp: src path
stat: path follow get_checksum checksum_algorithm get_mime get_attributes get_selinux_context dest name checksum checksum_algo mime mime_type mime-type attr attributes
synchronize: src dest mode archive recursive links perms times owner group checksum compress copy_links delete delay_updates dirs existing_only partial quiet rsync_opts rsync_path rsync_timeout dest_port private_key set_remote_user ssh_connection_multiplexing ssh_args use_ssh_args verify_host link_dest
sysctl: name value state sysctl_set sysctl_file reload ignoreerrors key val
systemd,systemd_service: name state enabled masked daemon_reload daemon_reexec scope no_block force service unit daemon-reload daemon-reexec
tempfile: state path prefix suffix
template: src dest backup force follow validate newline_sequence block_start_string block_end_string variable_start_string variable_end_string comment_start_string comment_end_string trim_blocks lstrip_blocks output_encoding mode owner group seuser serole setype selevel attributes unsafe_writes attr
timezone!: name hwclock rtc
ufw: state default logging rule direction delete route log insert insert_relative_to from_ip from_port to_ip to_port proto name interface interface_in interface_out comment policy from src to dest port protocol app if if_in if_out
unarchive: src dest remote_src copy creates exclude include extra_opts keep_newer list_files validate_certs decrypt mode owner group seuser serole setype selevel attributes unsafe_writes attr
uri: url method body body_format src remote_src headers url_username url_password force_basic_auth status_code return_content dest mode owner group timeout validate_certs ca_path client_cert client_key ciphers decompress follow_redirects unix_socket http_agent use_proxy force creates removes user password
user!: name state uid non_unique group groups append comment home move_home create_home skeleton umask shell system password update_password password_lock password_expire_min password_expire_max password_expire_warn password_expire_account_disable uid_min uid_max expires generate_ssh_key ssh_key_type ssh_key_bits ssh_key_file ssh_key_comment ssh_key_passphrase remove force local seuser hidden login_class profile authorization role user createhome
validate_argument_spec: argument_spec provided_arguments validate_args_context
wait_for: host port path search_regex state timeout delay sleep connect_timeout msg exclude_hosts active_connection_states
wait_for_connection: timeout delay sleep connect_timeout
x509_certificate,openssl_certificate: path state provider csr_path csr_content privatekey_path privatekey_content privatekey_passphrase selfsigned_digest selfsigned_version selfsigned_not_before selfsigned_not_after selfsigned_create_subject_key_identifier ownca_path ownca_content ownca_privatekey_path ownca_privatekey_content ownca_privatekey_passphrase ownca_digest ownca_version ownca_not_before ownca_not_after ownca_create_subject_key_identifier ownca_create_authority_key_identifier ignore_timestamps force backup return_content select_crypto_backend mode owner group seuser serole setype selevel attributes unsafe_writes attr selfsigned_notBefore selfsigned_notAfter
x509_certificate_info,openssl_certificate_info: path content valid_at name_encoding select_crypto_backend
xml: path xmlstring xpath namespaces state attribute value add_children set_children insertbefore insertafter input_type count print_match content pretty_print strip_cdata_tags backup dest file ensure
yum_repository: name description file reposdir state async bandwidth baseurl cost countme deltarpm_metadata_percentage deltarpm_percentage enabled enablegroups exclude failovermethod gpgcakey gpgcheck gpgkey http_caching include includepkgs ip_resolve keepalive keepcache metadata_expire metadata_expire_filter metalink mirrorlist mirrorlist_expire module_hotfixes password priority protect proxy proxy_password proxy_username repo_gpgcheck retries s3_enabled skip_if_unavailable ssl_check_cert_permissions sslcacert sslclientcert sslclientkey sslverify throttle timeout ui_repoid_vars username mode owner group seuser serole setype selevel attributes unsafe_writes attr ca_cert client_cert client_key validate_certs excludepkgs
`
