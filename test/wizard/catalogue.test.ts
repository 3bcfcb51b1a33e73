import { describe, expect, it } from 'vitest'
import { VARIABLES } from '../../src/wizard/variables.ts'

const words = (text: string) => text.trim().split(/\s+/)

/** The variables the three systems need, by table. */
const TABLES: Readonly<Record<string, readonly string[]>> = {
  'project and domain': words(`
    project_name project_display_name project_description project_repo_url project_repo_branch domain_name domain_registrar
    dns_api_endpoint admin_subdomain grafana_subdomain n8n_subdomain litellm_subdomain qdrant_subdomain nocodb_subdomain
    palais_subdomain sure_subdomain mc_subdomain oc_subdomain comfyui_subdomain remotion_subdomain opencut_subdomain
    webhook_subdomain headscale_subdomain obsidian_subdomain subdomain_preprod timezone locale target_env`),
  'hosts and access': words(`
    prod_provider prod_hostname prod_ip prod_ssh_port prod_user prod_os prod_ram_gb prod_cpu_cores prod_disk_gb
    preprod_provider preprod_server_type preprod_location preprod_os_image preprod_ip
    app_prod_hostname app_prod_server_type app_prod_location app_prod_os_image app_prod_ip
    workstation_pi_hostname workstation_pi_user workstation_pi_ip workstation_pi_tailscale_ip workstation_pi_ram_gb
    workstation_pi_disk_gb workstation_pi_become_pass vpn_provider vpn_hostname vpn_server_public_ip vpn_ssh_port vpn_user
    deploy_ssh_key_path ssh_authorized_keys hardening_ssh_force_open hardening_trusted_ips`),
  vpn: words(`
    vpn_headscale_url vpn_headscale_ip vpn_tailscale_ip vps_tailscale_ip vpn_network_cidr headscale_auth_key
    headscale_api_key caddy_vpn_enforce caddy_vpn_only_mode caddy_acme_dns01 caddy_no_port80 caddy_webhook_relay
    hardening_vpn_only_mode caddy_docker_frontend_cidr`),
  'notifications and accounts': words(`
    notification_method notification_email telegram_monitoring_bot_token telegram_monitoring_chat_id
    telegram_openclaw_bot_token telegram_openclaw_chat_id telegram_openclaw_group_id telegram_openclaw_topic_ids
    notification_webhook_url backup_heartbeat_url n8n_owner_email n8n_owner_first_name n8n_owner_last_name
    grafana_admin_user litellm_ui_username`),
  'internal secrets': words(`
    postgresql_password redis_password qdrant_api_key litellm_master_key litellm_salt_key litellm_ui_password
    grafana_admin_password n8n_encryption_key n8n_owner_password n8n_webhook_secret github_webhook_secret openclaw_api_key
    openclaw_gateway_token nocodb_jwt_secret nocodb_api_token palais_api_key palais_admin_password palais_session_secret
    sure_secret_key_base sure_api_key n8n_mcp_auth_token couchdb_admin_user couchdb_admin_password
    couchdb_obsidian_password restic_password remotion_api_token opencut_db_password opencut_redis_token
    opencut_auth_secret`),
  'external credentials': words(`
    anthropic_api_key openai_api_key openrouter_api_key google_gemini_api_key byteplus_api_key brave_search_api_key
    huggingface_token fal_ai_api_key hetzner_cloud_token s3_access_key s3_secret_key ovh_endpoint ovh_application_key
    ovh_application_secret ovh_consumer_key`),
  'storage, budgets and the rest': words(`
    s3_provider s3_region s3_endpoint s3_bucket_backups s3_bucket_shared backup_gfs_keep_daily backup_gfs_keep_weekly
    backup_gfs_keep_monthly backup_gfs_keep_yearly backup_local_retention_days litellm_budget_global_daily
    litellm_anthropic_budget_daily litellm_openai_budget_daily litellm_openrouter_budget_daily litellm_google_budget_daily
    litellm_byteplus_budget_monthly litellm_budget_alert_warning litellm_budget_alert_critical openclaw_model_profile
    qdrant_cache_collection qdrant_rag_collection qdrant_embedding_model qdrant_embedding_dimensions monitoring_enabled
    openclaw_enabled sure_enabled palais_enabled nocodb_enabled obsidian_enabled smoke_test_strict docker_log_max_size
    docker_log_max_file docker_frontend_subnet docker_backend_subnet docker_monitoring_subnet docker_egress_subnet
    docker_sandbox_subnet postgresql_memory_limit postgresql_cpu_limit redis_memory_limit qdrant_memory_limit
    caddy_memory_limit n8n_memory_limit litellm_memory_limit openclaw_memory_limit nocodb_memory_limit palais_memory_limit
    sure_web_memory_limit sure_worker_memory_limit grafana_memory_limit victoriametrics_memory_limit loki_memory_limit
    alloy_memory_limit cadvisor_memory_limit diun_memory_limit diun_cpu_limit`),
  atlas: words(`
    atlas_environments incus_remote_names incus_remote_addresses incus_remote_tokens network_mode production_cidr
    management_cidr gitops_cidr storage_pool enable_data_persistence data_volume_size enable_snapshots snapshot_schedule
    snapshot_name_pattern snapshots_expiry mqtt_vip cloudflare_tunnel_token atlantis_gh_user atlantis_gh_token
    atlantis_gh_webhook_secret atlantis_repo_allowlist atlantis_url step_ca_name step_ca_dns step_ca_password cert_duration
    grafana_admin_password loki_retention prometheus_retention mosquitto_users coredns_domain coredns_records
    coredns_upstreams alertmanager_receivers forgejo_url forgejo_runner_labels forgejo_runner_version FORGEJO_RUNNER_TOKEN`),
  homelab: words(`
    TAILSCALE_IP_ADDRESS TAILSCALE_ALLOWED_IPS COLD_STORAGE_PATH PI_HOLE_SECURE_WEBPASSWORD base_domain docker_subnet
    npm_admin_email npm_admin_password webui_secret_key ollama_models pihole_upstreams ai_enabled langfuse_enabled
    monitoring_enabled backup_enabled backup_destinations backup_recipient alert_receivers`),
}

const SECRET = words(`
  workstation_pi_become_pass headscale_auth_key headscale_api_key telegram_monitoring_bot_token telegram_openclaw_bot_token
  notification_webhook_url backup_heartbeat_url hetzner_cloud_token s3_access_key s3_secret_key ovh_application_key
  ovh_application_secret ovh_consumer_key anthropic_api_key openai_api_key openrouter_api_key google_gemini_api_key
  byteplus_api_key brave_search_api_key huggingface_token fal_ai_api_key incus_remote_tokens cloudflare_tunnel_token
  atlantis_gh_token atlantis_gh_webhook_secret step_ca_password mosquitto_users alertmanager_receivers FORGEJO_RUNNER_TOKEN
  PI_HOLE_SECURE_WEBPASSWORD npm_admin_password webui_secret_key alert_receivers`).concat(
  TABLES['internal secrets'] ?? [],
)

describe('the wizard', () => {
  it.each(Object.entries(TABLES))('knows every variable of %s', (_, names) => {
    const known = VARIABLES.map(variable => variable.name)
    expect(names.filter(name => !known.includes(name))).toEqual([])
  })

  it('knows each variable once', () => {
    const names = VARIABLES.map(variable => variable.name)
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })

  it('keeps exactly these secret', () => {
    const secret = VARIABLES.filter(variable => variable.secret).map(variable => variable.name)
    expect(secret.sort()).toEqual([...SECRET].sort())
  })

  it.each([
    ['project_name', 'vpai'],
    ['prod_ssh_port', 2222],
    ['vpn_network_cidr', '100.64.0.0/10'],
    ['caddy_docker_frontend_cidr', '172.20.1.0/24'],
    ['docker_sandbox_subnet', '172.20.5.0/24'],
    ['litellm_openrouter_budget_daily', 3.25],
    ['qdrant_embedding_dimensions', 1536],
    ['snapshot_schedule', '0 2 * * *'],
    ['mqtt_vip', '10.10.0.100:1883'],
    ['COLD_STORAGE_PATH', '/cold-storage'],
    ['backup_gfs_keep_yearly', 2],
  ])('offers %s with the default %j', (name, value) => {
    expect(VARIABLES.find(variable => variable.name === name)?.default).toEqual(value)
  })
})
