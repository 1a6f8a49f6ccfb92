# Run in a network and mount namespace of its own, which plays the node bergen-1. Standard input is
# the node's firewall. Sends packets from outside, from another node and from a pod, and prints
# what came through.
set -eu

mount -t tmpfs tmpfs /run
mkdir /run/netns
ip link set lo up
for name in outside peer pod; do
  ip netns add "$name"
  case $name in pod) interface=cni0 ;; *) interface=to-$name ;; esac
  ip link add "$interface" type veth peer name eth0 netns "$name"
  ip link set "$interface" up
  ip -n "$name" link set eth0 up
done
ip address add 198.51.100.1/24 dev to-outside
ip route add 198.51.101.0/24 dev to-outside
ip -n outside address add 198.51.100.7/24 dev eth0
ip -n outside address add 198.51.101.9/24 dev eth0
# A pod's address from the wrong side, one of no pod, and one of a service.
for forged in 10.42.0.99 10.42.200.9 10.43.7.7; do
  ip -n outside address add "$forged/32" dev eth0
done
ip -n outside route add default via 198.51.100.1
ip route add default via 198.51.100.7 dev to-outside
ip address add 10.20.0.11/24 dev to-peer
ip -n peer address add 10.20.0.12/24 dev eth0
ip address add 10.42.0.1/24 dev cni0
ip -n pod address add 10.42.0.5/24 dev eth0
ip -n pod route add default via 10.42.0.1
sysctl -qw net.ipv4.ip_forward=1

# What kube-proxy does: a node port, a load balancer, and the service of the API.
nft -f - <<'NFT'
table ip kube {
  chain prerouting {
    type nat hook prerouting priority dstnat;
    tcp dport { 80, 30080 } dnat to 10.42.0.5:8080
    ip daddr 10.43.0.1 tcp dport 443 dnat to 198.51.100.1:6443
  }
  chain postrouting {
    type nat hook postrouting priority srcnat;
    ip saddr 10.42.0.0/16 ip daddr != 10.42.0.0/16 masquerade
  }
}
NFT
nft -f /dev/stdin

server='
import socket, sys, threading, time
def serve(listener):
    while True:
        connection, _ = listener.accept()
        connection.send(b"ok")
        connection.close()
for port in sys.argv[2:]:
    listener = socket.socket()
    listener.bind(("0.0.0.0", int(port)))
    listener.listen()
    threading.Thread(target=serve, args=(listener,), daemon=True).start()
open(sys.argv[1], "w").close()
time.sleep(600)
'
client='
import socket, sys
source, target, port = sys.argv[1:]
connection = socket.socket()
connection.settimeout(0.5)
try:
    connection.bind((source, 0))
    connection.connect((target, int(port)))
    print("open" if connection.recv(2) == b"ok" else "closed")
except OSError:
    print("closed")
'
python3 -c "$server" /run/node-listens 22 443 2379 6443 8080 9999 10250 &
on_node=$!
ip netns exec pod python3 -c "$server" /run/pod-listens 8080 &
in_pod=$!
ip netns exec outside python3 -c "$server" /run/outside-listens 9000 &
outside=$!
trap 'kill "$on_node" "$in_pod" "$outside"' EXIT
for name in node pod outside; do
  for _ in $(seq 300); do
    [ -e "/run/$name-listens" ] && break
    sleep 0.1
  done
done

try() {
  printf '%s %s -> %s:%s %s\n' "$1" "$2" "$3" "$4" \
    "$(ip netns exec "$1" python3 -c "$client" "$2" "$3" "$4")"
}
while read -r from source target port; do
  try "$from" "$source" "$target" "$port"
done <<'PACKETS'
outside 198.51.100.7 198.51.100.1 22
outside 198.51.101.9 198.51.100.1 22
outside 198.51.100.7 198.51.100.1 6443
outside 198.51.101.9 198.51.100.1 6443
outside 198.51.101.9 198.51.100.1 443
outside 198.51.101.9 198.51.100.1 80
outside 198.51.101.9 198.51.100.1 30080
outside 198.51.100.7 198.51.100.1 10250
outside 198.51.100.7 198.51.100.1 9999
outside 198.51.100.7 10.42.0.5 8080
outside 10.42.0.99 198.51.100.1 10250
outside 10.42.200.9 198.51.100.1 22
outside 10.42.200.9 198.51.100.1 10250
outside 10.42.200.9 198.51.100.1 30080
outside 10.42.200.9 10.42.0.5 8080
outside 10.43.7.7 198.51.100.1 22
outside 10.43.7.7 198.51.100.1 2379
outside 10.43.7.7 198.51.100.1 6443
outside 10.43.7.7 198.51.100.1 10250
outside 10.43.7.7 198.51.100.1 30080
peer 10.20.0.12 10.20.0.11 10250
peer 10.20.0.12 10.20.0.11 2379
peer 10.20.0.12 10.20.0.11 6443
peer 10.20.0.12 10.20.0.11 9999
pod 10.42.0.5 10.42.0.1 10250
pod 10.42.0.5 10.43.0.1 443
pod 10.42.0.5 198.51.100.7 9000
PACKETS
