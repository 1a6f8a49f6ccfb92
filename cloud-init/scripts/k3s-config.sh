# Installs the files of K3s that come as a bundle on standard input. K3s reads them when it starts.
config=/etc/rancher/k3s/config.yaml
staging=$(mktemp -d)
trap 'rm -rf "$staging"' EXIT
for path in $(unbundle "$staging"); do
  install_file "$path" 0600 <"$staging$path"
done

# flannel would take the interface of the default route, which need not be the private one.
node_ip=$(sed -n 's/^node-ip: "\(.*\)"$/\1/p' "$config")
if [ -n "$node_ip" ]; then
  interface=$(ip -o address show |
    awk -v wanted="$node_ip" '{ split($4, address, "/"); if (address[1] == wanted) { print $2; exit } }')
  [ -n "$interface" ] || fail "$node_ip is no address of $(uname -n):" \
    "set the node's privateAddress to one of those that 'ip address' shows there."
  printf 'flannel-iface: "%s"\n' "$interface" |
    install_file "$config.d/10-flannel.yaml" 0600
fi

# The API server does not make the folder of its audit log.
mkdir -p /var/lib/rancher/k3s/server/logs
chmod 0700 /var/lib/rancher/k3s/server/logs
