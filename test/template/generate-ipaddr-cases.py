#!/usr/bin/python3
"""Prints test/fixtures/ipaddr-cases.json: what ansible.utils answers (Debian's ansible and python3-netaddr)."""
import json
import sys

sys.path.insert(0, "/usr/lib/python3/dist-packages")
from ansible_collections.ansible.utils.plugins.plugin_utils.base.ipaddr_utils import hwaddr, ipaddr  # noqa: E402
from ansible_collections.ansible.utils.plugins.filter.cidr_merge import cidr_merge  # noqa: E402
from ansible_collections.ansible.utils.plugins.filter.ip4_hex import ip4_hex  # noqa: E402
from ansible_collections.ansible.utils.plugins.filter.ipmath import ipmath  # noqa: E402
from ansible_collections.ansible.utils.plugins.filter.ipsubnet import ipsubnet  # noqa: E402
from ansible_collections.ansible.utils.plugins.filter.ipwrap import ipwrap  # noqa: E402
from ansible_collections.ansible.utils.plugins.filter.network_in_network import network_in_network  # noqa: E402
from ansible_collections.ansible.utils.plugins.filter.network_in_usable import network_in_usable  # noqa: E402
from ansible_collections.ansible.utils.plugins.filter.next_nth_usable import next_nth_usable  # noqa: E402
from ansible_collections.ansible.utils.plugins.filter.nthhost import nthhost  # noqa: E402
from ansible_collections.ansible.utils.plugins.filter.previous_nth_usable import previous_nth_usable  # noqa: E402
from ansible_collections.ansible.utils.plugins.filter.reduce_on_network import reduce_on_network  # noqa: E402
from ansible_collections.ansible.utils.plugins.filter.slaac import slaac  # noqa: E402

VALUES = """192.0.2.1 192.0.2.0/24 192.0.2.7/24 192.0.2.255/24 10.1.2.3/255.255.0.0 172.16.5.6/30 192.168.1.1/31 8.8.8.8/32
127.0.0.1 169.254.3.4/16 224.0.0.1 255.255.255.0 2001:db8::1 2001:db8::/32 2001:db8:0:1::5/64 fe80::1/64 ::1 ff02::1
::ffff:192.0.2.1 2002:c000:201::1/48 2001:db8::4/127 nonsense 1.2.3.4/33 3232235777""".split()
QUERIES = """address address/prefix broadcast cidr first_usable gateway gw host host/prefix hostmask hostnet int ip
ip/prefix ip_netmask ipv4 ipv6 last_usable link-local lo loopback multicast net next_usable netmask network network_id
network/prefix network_netmask network_wildcard peer prefix previous_usable private public range_usable revdns router size
size_usable subnet type unicast version wildcard wrap bool 6to4 1 -1 5 192.0.2.0/24 10.0.0.0/8 2001:db8::/32
nonsense""".split()
cases = []


def case(name, function, *args):
    try:
        got = {"value": function(*args)}
    except Exception:
        got = {"error": True}
    cases.append({"filter": name, "args": list(args), **got})


for value in VALUES:
    case("ipaddr", ipaddr, value)
    for query in QUERIES:
        case("ipaddr", ipaddr, value, query)
    case("ipv4", lambda v, q="": ipaddr(v, q, version=4, alias="ipv4"), value)
    case("ipv6", lambda v, q="": ipaddr(v, q, version=6, alias="ipv6"), value)
    case("ipv4", lambda v, q="": ipaddr(v, q, version=4, alias="ipv4"), value, "address")
    case("ipwrap", ipwrap, value)
    case("ipsubnet", ipsubnet, value)
    for size in ("26", "30", "64", "20", "192.0.2.0/23"):
        case("ipsubnet", ipsubnet, value, size)
        for index in (0, 1, -1, 5):
            case("ipsubnet", ipsubnet, value, size, index)
    for n in (1, -1, 5, 300):
        case("nthhost", nthhost, value, n)
        case("next_nth_usable", next_nth_usable, value, n)
        case("previous_nth_usable", previous_nth_usable, value, n)
        case("ipmath", ipmath, value, n)
    for other in ("192.0.2.9", "192.0.2.0", "192.0.2.0/25", "10.9.9.9", "2001:db8::9"):
        case("network_in_usable", network_in_usable, value, other)
        case("network_in_network", network_in_network, value, other)
    case("slaac", slaac, value, "c2:31:b3:83:bf:2b")
LISTS = [VALUES, ["192.0.2.1", "x", "10.0.0.0/8"], []]
for values in LISTS:
    for query in ("", "address", "public", "host/prefix", "1", "192.0.2.0/24"):
        case("ipaddr", ipaddr, values, query)
    case("ipwrap", ipwrap, values)
for network in ("192.0.2.0/24", "10.0.0.0/8", "2001:db8::/32"):
    case("reduce_on_network", reduce_on_network, ["192.0.2.4", "10.2.0.0/16", "2001:db8::7", "8.8.8.8"], network)
for address in ("192.0.2.1", "10.0.0.255"):
    case("ip4_hex", ip4_hex, address)
    case("ip4_hex", ip4_hex, address, ":")
for mac in ("c2:31:b3:83:bf:2b", "c231.b383.bf2b", "C2-31-B3-83-BF-2B", "c231b383bf2b", "00:1:2:3:4:5", "nonsense", "", "123"):
    for query in ("", "bare", "bool", "int", "cisco", "eui48", "linux", "pgsql", "postgresql", "psql", "unix", "win", "x"):
        case("hwaddr", hwaddr, mac, query)
MERGES = [
    ["192.168.0.0/17", "192.168.128.0/17", "192.168.128.1"],
    ["10.0.0.0/25", "10.0.0.128/25", "10.0.1.0/24", "10.9.0.0/16"],
    ["2001:db8::/33", "2001:db8:8000::/33", "10.0.0.1"],
    ["10.0.0.5"],
]
for values in MERGES:
    case("cidr_merge", cidr_merge, values)
    case("cidr_merge", cidr_merge, values, "span")
    case("cidr_merge", cidr_merge, values, "x")
print("[\n" + ",\n".join(json.dumps(one) for one in cases) + "\n]")
