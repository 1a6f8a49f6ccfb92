# Run in a network and mount namespace of its own, which plays the node bergen-1 with K3s' interfaces.
# Standard input is the node's firewall; $1 is a list of packets, for firewall-attacks.py.
set -eu

mount -t tmpfs tmpfs /run
mkdir /run/netns
ip link set lo up
sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
sysctl -qw net.ipv6.conf.all.forwarding=1 net.ipv6.conf.default.accept_dad=0
# kube-proxy sets it.
sysctl -qw net.ipv4.conf.all.route_localnet=1

# link INTERFACE NAMESPACE: a cable from the node's interface to eth0 over there.
link() {
  ip netns add "$2"
  ip link add "$1" type veth peer name eth0 netns "$2"
  ip link set "$1" up
  ip -n "$2" link set eth0 up
}
link to-outside outside
link to-peer peer
link veth0 pod
link flannel-wg remote
ip link add cni0 type bridge
ip link set cni0 up
ip link set veth0 master cni0
ip link add flannel.1 type vxlan id 1 dev to-peer local 10.20.0.11 dstport 8472 nolearning
ip link set flannel.1 up

ip address add 198.51.100.1/24 dev to-outside
ip address add 2001:db8:100::1/64 dev to-outside nodad
ip route add default via 198.51.100.7
ip route add default via 2001:db8:100::7
ip address add fe80::1/64 dev to-outside nodad
ip address add 10.20.0.11/24 dev to-peer
ip address add fd20::11/64 dev to-peer nodad
ip address add 10.42.0.1/24 dev cni0
ip address add fd42::1/64 dev cni0 nodad
ip address add 10.42.0.0/32 dev flannel.1
ip route add 10.42.1.0/24 via 10.42.1.0 dev flannel.1 onlink
ip route add 10.42.2.0/24 dev flannel-wg
ip route add fd42:0:0:2::/64 dev flannel-wg

nft -f - <<'NFT'
table ip kube {
  chain prerouting {
    type nat hook prerouting priority dstnat;
    tcp dport { 80, 30080 } dnat to 10.42.0.5:8080
  }
}
# What the firewall has let in.
table inet seen {
  chain prerouting { type filter hook prerouting priority mangle + 1; }
}
NFT
nft -f /dev/stdin
exec python3 "${0%.sh}.py" <"$1"
