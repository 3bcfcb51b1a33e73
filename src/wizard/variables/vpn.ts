import { cidr, httpsUrl, ipAddress, within } from '../checks.ts'
import { type Context, detail, key, of, themed } from '../variable.ts'

const vpnOnly = ({ get }: Context) => get('caddy_vpn_only_mode') === true

export const vpnVariables = [
  ...themed({ theme: 'Private network', step: 'vpn', systems: ['vpai'] }, [
    of('cidr', 'vpn_network_cidr', 'Range of the VPN', {
      default: '100.64.0.0/10',
      required: true,
      check: cidr,
    }),
    of('url', 'vpn_headscale_url', 'Address of Headscale', {
      required: true,
      check: httpsUrl,
      default: ({ get }) => {
        const domain = get('domain_name')
        return typeof domain === 'string' && domain !== ''
          ? `https://${String(get('headscale_subdomain'))}.${domain}`
          : 'https://vpn.example.com'
      },
    }),
    of('ip', 'vpn_headscale_ip', 'Public address of Headscale', {
      required: true,
      check: ipAddress,
      default: ({ get }) => get('vpn_server_public_ip'),
    }),
    of('ip', 'vpn_tailscale_ip', 'Address of the hub in the VPN', { check: within('vpn_network_cidr') }),
    of('ip', 'vps_tailscale_ip', 'Address of the production server in the VPN', {
      check: within('vpn_network_cidr'),
      help: 'Empty: learned when it joins.',
    }),
    key('headscale_auth_key', 'Headscale key for joining', {
      help: 'Empty when the servers have joined already.',
    }),
    key('headscale_api_key', 'Headscale API key'),
  ]),
  ...themed({ theme: 'Who reaches the web server', step: 'vpn', systems: ['vpai'] }, [
    of('bool', 'caddy_vpn_enforce', 'Let only the VPN reach administration pages', {
      default: true,
      required: true,
      help: 'Off only for a first validation.',
    }),
    of('bool', 'caddy_vpn_only_mode', 'Close the production server to the internet altogether', {
      default: false,
      required: true,
    }),
    detail(
      of('bool', 'caddy_acme_dns01', 'Get certificates through DNS', {
        default: vpnOnly,
        required: true,
        help: 'Needs the OVH keys.',
      }),
    ),
    detail(of('bool', 'caddy_no_port80', 'Close port 80', { default: vpnOnly, required: true })),
    detail(
      of('bool', 'caddy_webhook_relay', 'Take webhooks in at the hub', { default: vpnOnly, required: true }),
    ),
    detail(
      of('bool', 'hardening_vpn_only_mode', 'Let SSH in through the VPN only', {
        default: false,
        required: true,
      }),
    ),
    detail(
      of('cidr', 'caddy_docker_frontend_cidr', 'Range the web server trusts besides', {
        default: '172.20.1.0/24',
        required: true,
        check: cidr,
        help: 'The frontend network.',
      }),
    ),
  ]),
]
