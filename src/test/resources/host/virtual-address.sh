# Nodes as network namespaces: eth0 in a public network, eth1 in a private one, a firewall that nobody
# but keepalived needs to pass, an edge on port 80, and the real keepalived with the config of each.
# virtual-address.sh FOLDER ADDRESS: the configs are FOLDER/1.conf and so on. Prints, for each thing
# that goes wrong, whether the address was on another node within five seconds, and how many have it.
set -eu
folder=$1
address=$2
nodes=$(cd "$folder" && for file in [0-9].conf; do echo "${file%.conf}"; done)

# The namespaces belong to processes that end with us.
network_of() { echo "--net=/proc/$(cat "$folder/$1.pid")/ns/net"; }
in_node() { nsenter "$(network_of "$1")" "${@:2}"; }

for network in public private; do ip link add "$network" type bridge; ip link set "$network" up; done
for node in $nodes; do
  unshare --net sleep 300 &
  echo $! >"$folder/$node.pid"
  until [ "$(readlink "/proc/$!/ns/net")" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.05; done
  for link in "eth0 public 203.0.113.1$node" "eth1 private 10.20.0.1$node"; do
    set -- $link
    ip link add "$1-$node" type veth peer name "$1" netns "/proc/$(cat "$folder/$node.pid")/ns/net"
    ip link set "$1-$node" master "$2" up
    in_node "$node" ip address add "$3/24" dev "$1"
    in_node "$node" ip link set "$1" up
  done
  in_node "$node" ip link set lo up
  in_node "$node" nft --file "$folder/$node.nft"
done

edge() {
  mkdir -p "$folder/www"
  nsenter "$(network_of "$1")" python3 -m http.server --directory "$folder/www" 80 >>"$folder/log" 2>&1 &
  echo $! >"$folder/$1.edge"
}
keepalived_of() {
  nsenter "$(network_of "$1")" keepalived --dont-fork --log-console --use-file "$folder/$1.conf" --pid "$folder/$1.a" \
    --vrrp_pid "$folder/$1.b" --checkers_pid "$folder/$1.c" >>"$folder/log" 2>&1 &
}

holders() {
  for node in $nodes; do
    [ ! -e "$folder/$node.off" ] || continue
    if in_node "$node" ip -brief -4 address show dev eth0 | grep -qF " $address/"; then printf '%s ' "$node"; fi
  done
}
moment() { date +%s%3N; }

# has_moved_from NODE: waits until another, and nobody else, has it; fails after five seconds.
has_moved_from() {
  began=$(moment)
  while [ $(($(moment) - began)) -le 5000 ]; do
    now=$(holders)
    case $now in
      "$1 " | *" "*" "* | "") sleep 0.05 ;;
      *) return 0 ;;
    esac
  done
  return 1
}
say() { if has_moved_from "$2"; then echo "$1: another has it"; else echo "$1: not within 5 s, but '$(holders)'"; fi; }

for node in $nodes; do
  edge "$node"
  keepalived_of "$node"
done
end=$(($(moment) + 30000))
until [ "$(holders | wc -w)" = 1 ] || [ "$(moment)" -gt "$end" ]; do sleep 0.1; done
sleep 2
first=$(holders)
echo "at first: $first"

kill "$(cat "$folder/${first% }.edge")"
say 'the edge ends' "${first% }"
edge "${first% }"
sleep 6
second=$(holders)
[ "$second" = "$first" ] || echo 'the edge is back: the other keeps it'

# The private network first: it cannot say goodbye.
ip link set "eth1-${second% }" down
ip link set "eth0-${second% }" down
: >"$folder/${second% }.off"
say 'the node is gone' "${second% }"
