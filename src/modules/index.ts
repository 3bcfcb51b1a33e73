/** All modules. Importing this file loads zod; whoever needs names and arguments only takes catalogue.ts. */
import { addHost } from './add_host.ts'
import { alternatives } from './alternatives.ts'
import { apt } from './apt.ts'
import { aptKey } from './apt_key.ts'
import { aptRepository } from './apt_repository.ts'
import { archive } from './archive.ts'
import { assemble } from './assemble.ts'
import { assert } from './assert.ts'
import { asyncStatus } from './async_status.ts'
import { at } from './at.ts'
import { authorizedKey } from './authorized_key.ts'
import { blockinfile } from './blockinfile.ts'
import { moduleArguments } from './catalogue.ts'
import { command } from './command.ts'
import type { Module } from './contract.ts'
import { copy } from './copy.ts'
import { cron } from './cron.ts'
import { deb822Repository } from './deb822_repository.ts'
import { debconf } from './debconf.ts'
import { debug } from './debug.ts'
import { dnf } from './dnf.ts'
import { dockerComposeV2 } from './docker_compose_v2.ts'
import { dockerComposeV2Exec } from './docker_compose_v2_exec.ts'
import { dockerComposeV2Pull } from './docker_compose_v2_pull.ts'
import { dockerComposeV2Run } from './docker_compose_v2_run.ts'
import { dockerConfig } from './docker_config.ts'
import { dockerContainer } from './docker_container.ts'
import { dockerContainerExec } from './docker_container_exec.ts'
import { dockerContainerHealth } from './docker_container_health.ts'
import { dockerContainerInfo } from './docker_container_info.ts'
import { dockerHostInfo } from './docker_host_info.ts'
import { dockerImage } from './docker_image.ts'
import { dockerImageBuild } from './docker_image_build.ts'
import { dockerImageExport } from './docker_image_export.ts'
import { dockerImageInfo } from './docker_image_info.ts'
import { dockerImageLoad } from './docker_image_load.ts'
import { dockerImagePull } from './docker_image_pull.ts'
import { dockerImagePush } from './docker_image_push.ts'
import { dockerImageRemove } from './docker_image_remove.ts'
import { dockerImageTag } from './docker_image_tag.ts'
import { dockerLogin } from './docker_login.ts'
import { dockerNetwork } from './docker_network.ts'
import { dockerNetworkInfo } from './docker_network_info.ts'
import { dockerNode } from './docker_node.ts'
import { dockerNodeInfo } from './docker_node_info.ts'
import { dockerPrune } from './docker_prune.ts'
import { dockerSecret } from './docker_secret.ts'
import { dockerStack } from './docker_stack.ts'
import { dockerStackInfo } from './docker_stack_info.ts'
import { dockerStackTaskInfo } from './docker_stack_task_info.ts'
import { dockerSwarm } from './docker_swarm.ts'
import { dockerSwarmInfo } from './docker_swarm_info.ts'
import { dockerSwarmService } from './docker_swarm_service.ts'
import { dockerVolume } from './docker_volume.ts'
import { dockerVolumeInfo } from './docker_volume_info.ts'
import { dpkgSelections } from './dpkg_selections.ts'
import { expect } from './expect.ts'
import { fail } from './fail.ts'
import { fetch } from './fetch.ts'
import { file } from './file.ts'
import { find } from './find.ts'
import { firewalld } from './firewalld.ts'
import { getUrl } from './get_url.ts'
import { getent } from './getent.ts'
import { git } from './git.ts'
import { group } from './group.ts'
import { groupBy } from './group_by.ts'
import { hcloudFirewall } from './hcloud_firewall.ts'
import { hcloudServer } from './hcloud_server.ts'
import { hcloudSshKey } from './hcloud_ssh_key.ts'
import { hostname } from './hostname.ts'
import { htpasswd } from './htpasswd.ts'
import { includeVars } from './include_vars.ts'
import { iniFile } from './ini_file.ts'
import { iptables } from './iptables.ts'
import { knownHosts } from './known_hosts.ts'
import { lineinfile } from './lineinfile.ts'
import { localeGen } from './locale_gen.ts'
import { meta } from './meta.ts'
import { modprobe } from './modprobe.ts'
import { mount } from './mount.ts'
import { mysqlDb } from './mysql_db.ts'
import { mysqlQuery } from './mysql_query.ts'
import { mysqlUser } from './mysql_user.ts'
import { mysqlVariables } from './mysql_variables.ts'
import { npm } from './npm.ts'
import { opensshKeypair } from './openssh_keypair.ts'
import { opensslCsr } from './openssl_csr.ts'
import { opensslDhparam } from './openssl_dhparam.ts'
import { opensslPkcs12 } from './openssl_pkcs12.ts'
import { opensslPrivatekey } from './openssl_privatekey.ts'
import { opensslPrivatekeyInfo } from './openssl_privatekey_info.ts'
import { opensslPublickey } from './openssl_publickey.ts'
import { packageModule } from './package.ts'
import { packageFacts } from './package_facts.ts'
import { pause } from './pause.ts'
import { ping } from './ping.ts'
import { pip } from './pip.ts'
import { postgresqlDb } from './postgresql_db.ts'
import { postgresqlExt } from './postgresql_ext.ts'
import { postgresqlInfo } from './postgresql_info.ts'
import { postgresqlOwner } from './postgresql_owner.ts'
import { postgresqlPing } from './postgresql_ping.ts'
import { postgresqlPrivs } from './postgresql_privs.ts'
import { postgresqlQuery } from './postgresql_query.ts'
import { postgresqlSchema } from './postgresql_schema.ts'
import { postgresqlSet } from './postgresql_set.ts'
import { postgresqlUser } from './postgresql_user.ts'
import { raw } from './raw.ts'
import { reboot } from './reboot.ts'
import { replace } from './replace.ts'
import { rpmKey } from './rpm_key.ts'
import { s3Object } from './s3_object.ts'
import { script } from './script.ts'
import { seboolean } from './seboolean.ts'
import { sefcontext } from './sefcontext.ts'
import { selinux } from './selinux.ts'
import { service } from './service.ts'
import { serviceFacts } from './service_facts.ts'
import { setFact } from './set_fact.ts'
import { setStats } from './set_stats.ts'
import { setup } from './setup.ts'
import { anyModule } from './shared/any-module.ts'
import { shell } from './shell.ts'
import { slurp } from './slurp.ts'
import { stat } from './stat.ts'
import { synchronize } from './synchronize.ts'
import { sysctl } from './sysctl.ts'
import { systemd } from './systemd.ts'
import { tempfile } from './tempfile.ts'
import { template } from './template.ts'
import { timezone } from './timezone.ts'
import { ufw } from './ufw.ts'
import { unarchive } from './unarchive.ts'
import { uri } from './uri.ts'
import { user } from './user.ts'
import { validateArgumentSpec } from './validate_argument_spec.ts'
import { waitFor } from './wait_for.ts'
import { waitForConnection } from './wait_for_connection.ts'
import { x509Certificate } from './x509_certificate.ts'
import { x509CertificateInfo } from './x509_certificate_info.ts'
import { xml } from './xml.ts'
import { yumRepository } from './yum_repository.ts'

/** Every module once, by its own name. */
export const ALL_MODULES: readonly Module[] = [
  anyModule(addHost),
  anyModule(alternatives),
  anyModule(apt),
  anyModule(aptKey),
  anyModule(aptRepository),
  anyModule(archive),
  anyModule(assemble),
  anyModule(assert),
  anyModule(at),
  anyModule(asyncStatus),
  anyModule(authorizedKey),
  anyModule(blockinfile),
  anyModule(command),
  anyModule(copy),
  anyModule(cron),
  anyModule(deb822Repository),
  anyModule(debconf),
  anyModule(debug),
  anyModule(dnf),
  anyModule(dockerComposeV2),
  anyModule(dockerComposeV2Exec),
  anyModule(dockerComposeV2Pull),
  anyModule(dockerComposeV2Run),
  anyModule(dockerConfig),
  anyModule(dockerContainer),
  anyModule(dockerContainerExec),
  anyModule(dockerContainerHealth),
  anyModule(dockerContainerInfo),
  anyModule(dockerHostInfo),
  anyModule(dockerImage),
  anyModule(dockerImageBuild),
  anyModule(dockerImageExport),
  anyModule(dockerImageInfo),
  anyModule(dockerImageLoad),
  anyModule(dockerImagePull),
  anyModule(dockerImagePush),
  anyModule(dockerImageRemove),
  anyModule(dockerImageTag),
  anyModule(dockerLogin),
  anyModule(dockerNetwork),
  anyModule(dockerNetworkInfo),
  anyModule(dockerNode),
  anyModule(dockerNodeInfo),
  anyModule(dockerPrune),
  anyModule(dockerSecret),
  anyModule(dockerStack),
  anyModule(dockerStackInfo),
  anyModule(dockerStackTaskInfo),
  anyModule(dockerSwarm),
  anyModule(dockerSwarmInfo),
  anyModule(dockerSwarmService),
  anyModule(dockerVolume),
  anyModule(dockerVolumeInfo),
  anyModule(dpkgSelections),
  anyModule(expect),
  anyModule(fail),
  anyModule(fetch),
  anyModule(file),
  anyModule(find),
  anyModule(firewalld),
  anyModule(getUrl),
  anyModule(getent),
  anyModule(git),
  anyModule(group),
  anyModule(groupBy),
  anyModule(hcloudFirewall),
  anyModule(hcloudServer),
  anyModule(hcloudSshKey),
  anyModule(hostname),
  anyModule(htpasswd),
  anyModule(includeVars),
  anyModule(iniFile),
  anyModule(iptables),
  anyModule(knownHosts),
  anyModule(lineinfile),
  anyModule(localeGen),
  anyModule(meta),
  anyModule(modprobe),
  anyModule(mount),
  anyModule(mysqlDb),
  anyModule(mysqlQuery),
  anyModule(mysqlUser),
  anyModule(mysqlVariables),
  anyModule(npm),
  anyModule(opensshKeypair),
  anyModule(opensslCsr),
  anyModule(opensslDhparam),
  anyModule(opensslPkcs12),
  anyModule(opensslPrivatekey),
  anyModule(opensslPrivatekeyInfo),
  anyModule(opensslPublickey),
  anyModule(packageModule),
  anyModule(packageFacts),
  anyModule(pause),
  anyModule(ping),
  anyModule(pip),
  anyModule(postgresqlDb),
  anyModule(postgresqlExt),
  anyModule(postgresqlInfo),
  anyModule(postgresqlOwner),
  anyModule(postgresqlPing),
  anyModule(postgresqlPrivs),
  anyModule(postgresqlQuery),
  anyModule(postgresqlSchema),
  anyModule(postgresqlSet),
  anyModule(postgresqlUser),
  anyModule(raw),
  anyModule(reboot),
  anyModule(replace),
  anyModule(rpmKey),
  anyModule(s3Object),
  anyModule(script),
  anyModule(seboolean),
  anyModule(sefcontext),
  anyModule(selinux),
  anyModule(service),
  anyModule(serviceFacts),
  anyModule(setFact),
  anyModule(setStats),
  anyModule(setup),
  anyModule(shell),
  anyModule(slurp),
  anyModule(stat),
  anyModule(synchronize),
  anyModule(sysctl),
  anyModule(systemd),
  anyModule(tempfile),
  anyModule(template),
  anyModule(timezone),
  anyModule(ufw),
  anyModule(unarchive),
  anyModule(uri),
  anyModule(user),
  anyModule(validateArgumentSpec),
  anyModule(waitFor),
  anyModule(waitForConnection),
  anyModule(x509CertificateInfo),
  anyModule(xml),
  anyModule(x509Certificate),
  anyModule(yumRepository),
]

const BY_NAME = new Map(ALL_MODULES.map(module => [module.name, module]))

/** By short name, alias or full name (ansible.builtin.copy); null when there is none. */
export function findModule(name: string): Module | null {
  const known = moduleArguments(name)
  return known === null ? null : (BY_NAME.get(known.canonical) ?? null)
}

export { moduleArguments, moduleNames } from './catalogue.ts'
