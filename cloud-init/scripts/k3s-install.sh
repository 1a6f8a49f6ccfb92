# Brings K3s on this node to the state described on standard input: "key=value" lines, followed by a
# bundle of the files that K3s reads. Everything that can be checked beforehand is checked before anything
# is touched. The node is cordoned while K3s restarts; its pods keep running.
own_installer=/usr/local/sbin/nordfaas-k3s-install
k3s=/usr/local/bin/k3s
config=/etc/rancher/k3s/config.yaml
images_folder=/var/lib/rancher/k3s/agent/images
servers_folder=/var/lib/rancher/k3s/server
state=/var/lib/nordfaas/k3s

staging=$(mktemp -d)
trap 'rm -rf "$staging"' EXIT
cat >"$staging/request"
mkdir "$staging/files"
sed -n '/^==> /,$p' "$staging/request" | unbundle "$staging/files" >"$staging/paths"

version=
role=
node=
installer=
sha256_amd64=
sha256_arm64=
binary=
images=
peers=
servers=
certificates_of=
flannel_backend=
while IFS= read -r line; do
  value=${line#*=}
  case $line in
    "==> "*) break ;;
    version=*) version=$value ;;
    role=*) role=$value ;;
    node=*) node=$value ;;
    installer=*) installer=$value ;;
    sha256-amd64=*) sha256_amd64=$value ;;
    sha256-arm64=*) sha256_arm64=$value ;;
    binary=*) binary=$value ;;
    images=*) images=$value ;;
    peers=*) peers=$value ;;
    servers=*) servers=$value ;;
    certificates-of=*) certificates_of=$value ;;
    flannel-backend=*) flannel_backend=$value ;;
  esac
done <"$staging/request"
case $role in
  server) service="k3s.service" ;;
  agent) service="k3s-agent.service" ;;
  *) fail "unknown role '$role'" ;;
esac

is_own() {
  [ "$installer" = "$own_installer" ]
}

kubectl_of_node() {
  case $role in
    server) kubeconfig=/etc/rancher/k3s/k3s.yaml ;;
    *) kubeconfig=/var/lib/rancher/k3s/agent/kubelet.kubeconfig ;;
  esac
  if [ ! -e "$kubeconfig" ]; then
    printf 'there is no %s yet\n' "$kubeconfig" >&2
    return 1
  fi
  if [ -x "$k3s" ]; then
    "$k3s" kubectl --kubeconfig "$kubeconfig" --request-timeout 10s "$@"
  else
    kubectl --kubeconfig "$kubeconfig" --request-timeout 10s "$@"
  fi
}

installed_version() {
  if [ -x "$k3s" ]; then "$k3s" --version | awk 'NR == 1 && $2 == "version" { print $3 }'; fi
}

minor_of() {
  printf '%s' "$1" | sed -n 's/^v1\.\([0-9]*\)\..*/\1/p'
}

# A number that grows with the release: for v1.34.4+k3s1 it is made from 34, 4 and 1.
rank_of() {
  printf '%s\n' "$1" | tr -cs '0-9\n' ' ' | awk '{ printf "%d", ($2 * 1000 + $3) * 1000 + $NF }'
}

# `k3s certificate rotate` takes a node with this folder for a server. Our first releases left it on agents,
# containing only an empty logs folder.
check_servers_folder() {
  [ "$role" = agent ] || return 0
  rmdir "$servers_folder/logs" "$servers_folder" 2>/dev/null || true
  found=
  for name in token node-token agent-token cred tls db; do
    [ ! -e "$servers_folder/$name" ] || found="$found $name"
  done
  [ -z "$found" ] ||
    fail "the agent $node has what only servers may have, in $servers_folder:$found. Whoever breaks out" \
      "of a pod there could take over that cluster. If nobody needs it, delete the folder, and run" \
      "'pulumi up' again."
  if [ -d "$servers_folder" ] && is_rotation_due; then
    fail "$servers_folder is on the agent $node, so that K3s would take it for a server and not" \
      "rotate its certificates. See what it holds, move it away, and run 'pulumi up' again."
  fi
}

# flannel would take the interface of the default route, which need not be the private one.
find_interface() {
  node_ip=$(sed -n 's/^node-ip: "\(.*\)"$/\1/p' "$staging/files$config")
  interface=
  [ -n "$node_ip" ] || return 0
  interface=$(ip -o address show |
    awk -v wanted="$node_ip" '{ split($4, address, "/"); if (address[1] == wanted) { print $2; exit } }')
  [ -n "$interface" ] || fail "$node_ip is not an address of $(uname -n):" \
    "set the node's privateAddress to one of those that 'ip address' shows there."
}

# Whether a server runs at the URL $1. Any answer counts: another installer's may need a certificate for one.
answers() {
  curl --insecure --silent --max-time 5 --output /dev/null "$1/cacerts"
}

# A node joins through the first server, whose address is in its config; if that one does not answer, through
# the next that does. Once it is a member it knows all servers.
find_server() {
  server=
  for url in $servers; do
    if answers "$url"; then
      [ "$url" = "${servers%% *}" ] || server=$url
      return 0
    fi
  done
}

check_version() {
  [ -n "$installed" ] || return 0
  if [ "$(rank_of "$version")" -lt "$(rank_of "$installed")" ]; then
    fail "K3s $installed is installed on $node, and $version is older: what etcd holds cannot go" \
      "back. Set k3s.version to $installed or later; to go back, restore a snapshot that the old" \
      "release took (docs/runbook.md)."
  fi
  next=$(($(minor_of "$installed") + 1))
  if [ "$(minor_of "$version")" -gt "$next" ]; then
    fail "K3s $installed is installed on $node, and $version skips v1.$next: Kubernetes is upgraded" \
      "one minor release at a time. Set k3s.version to a v1.$next release, run 'pulumi up', and go" \
      "on from there."
  fi
}

# A kubelet may be up to three minor releases older than its API server and never newer; API
# servers may be one apart.
check_skew() {
  [ -n "$installed" ] || return 0
  wanted=$(minor_of "$version")
  if [ "$role" = agent ]; then
    api=$(kubectl_of_node get --raw /version 2>/dev/null |
      sed -n 's/.*"gitVersion": *"\([^"]*\)".*/\1/p') || return 0
    [ -n "$api" ] || return 0
    [ "$wanted" -le "$(minor_of "$api")" ] ||
      fail "K3s $version on the agent $node would be newer than the servers' $api." \
        "Upgrade the servers first: run 'pulumi up' without --target."
    return 0
  fi
  kubectl_of_node get nodes --output 'jsonpath={range .items[*]}{.metadata.name} {.status.nodeInfo.kubeletVersion} {.metadata.labels.node-role\.kubernetes\.io/control-plane}{"\n"}{end}' \
    >"$staging/nodes" 2>/dev/null || return 0
  problems=
  while read -r name found is_server; do
    [ "$name" != "$node" ] || continue
    minor=$(minor_of "$found")
    [ -n "$minor" ] || continue
    if [ "$is_server" = true ]; then
      if [ $((wanted - minor)) -gt 1 ] || [ $((minor - wanted)) -gt 1 ]; then
        problems="$problems
  server $name has $found, more than one minor release away"
      fi
    elif [ $((wanted - minor)) -gt 3 ]; then
      problems="$problems
  agent $name has $found, more than three minor releases older"
    fi
  done <"$staging/nodes"
  [ -z "$problems" ] ||
    fail "K3s $version on $node would not get on with the rest of the cluster:$problems
Bring those nodes closer first: set k3s.version to a release in between and run 'pulumi up'."
}

# A first server that lost its data would create a second cluster next to the running one.
check_lone_start() {
  [ ! -d "$servers_folder/db/etcd" ] || return 0
  for peer in $peers; do
    if answers "$peer"; then
      fail "$node has no data of a cluster, and $peer runs one already: as the first server," \
        "$node would make a second one. Name another server in k3s.firstServer, so that it joins" \
        "(docs/runbook.md)."
    fi
  done
}

check_upload() {
  if [ -n "$binary" ] && [ ! -e "$binary" ] && [ "$installed" != "$version" ]; then
    fail "the uploaded binary is not there any more. Upload it again: run 'pulumi up' with" \
      "--replace and the URN of $node-binary."
  fi
  if [ -n "$images" ] && [ ! -e "$images" ] && [ ! -e "$images_folder/$images" ]; then
    fail "the uploaded images are not there any more. Upload them again: run 'pulumi up' with" \
      "--replace and the URN of $node-images."
  fi
}

run_installer() {
  set -- "$installer" "$role"
  [ -z "$sha256_amd64" ] || set -- "INSTALL_K3S_SHA256_AMD64=$sha256_amd64" "$@"
  [ -z "$sha256_arm64" ] || set -- "INSTALL_K3S_SHA256_ARM64=$sha256_arm64" "$@"
  [ -z "$binary" ] || [ ! -e "$binary" ] || set -- "INSTALL_K3S_BINARY=$binary" "$@"
  failed=false
  env "INSTALL_K3S_VERSION=$version" INSTALL_K3S_SKIP_START=true "$@" 2>"$staging/installer" || failed=true
  cat "$staging/installer" >&2
  "$failed" || return 0
  # One that starts K3s itself has seen what K3s has said.
  explain_refusal "$(cat "$staging/installer")"
  fail "$installer failed"
}

write_files() {
  while read -r path; do
    [ "$path" = "$own_installer" ] || install_file "$path" 0600 <"$staging/files$path"
  done <"$staging/paths"
  [ -e "$staging/files/etc/rancher/k3s/registries.yaml" ] || rm -f /etc/rancher/k3s/registries.yaml
  if [ -n "$interface" ]; then
    printf 'flannel-iface: "%s"\n' "$interface" |
      install_file "$config.d/10-flannel.yaml" 0600
  fi
  if [ -n "$server" ]; then
    printf '%s does not answer: %s joins through %s\n' "${servers%% *}" "$node" "$server"
    printf 'server: "%s"\n' "$server" | install_file "$config.d/20-server.yaml" 0600
  else
    rm -f "$config.d/20-server.yaml"
  fi
  if [ -n "$images" ] && [ -e "$images" ]; then
    mkdir -p "$images_folder"
    mv -f "$images" "$images_folder/$images"
    chown root:root "$images_folder/$images"
  fi
}

# A node that somebody else cordoned stays so. The mark survives an interrupted script.
cordon() {
  found=$(kubectl_of_node get node "$node" --output \
    'jsonpath={.metadata.name} {.spec.unschedulable}' 2>/dev/null) || return 0
  case $found in *" true") return 0 ;; esac
  : >"$state/cordoned"
  kubectl_of_node cordon "$node" >/dev/null || fail "cannot cordon $node"
}

uncordon() {
  [ -e "$state/cordoned" ] || return 0
  kubectl_of_node uncordon "$node" >/dev/null || fail "cannot uncordon $node"
  rm -f "$state/cordoned"
}

is_rotation_due() {
  [ -n "$certificates_of" ] && [ -n "$installed" ] &&
    [ "$(cat "$state/certificates" 2>/dev/null)" != "$certificates_of" ]
}

# K3s has to be stopped for this, and creates new ones when it starts. If it fails, K3s starts with the
# old ones.
rotate_certificates() {
  if is_rotation_due; then
    if ! "$k3s" certificate rotate; then
      is_rotated=false
      return
    fi
    printf 'the certificates are renewed\n'
  fi
  [ -z "$certificates_of" ] || printf '%s' "$certificates_of" >"$state/certificates"
}

# The interface of the other backend would keep its routes, which are more specific than WireGuard's.
remove_other_backend() {
  case $flannel_backend in
    wireguard-native) links="flannel.1 flannel-v6.1" ;;
    *) links="flannel-wg flannel-wg-v6" ;;
  esac
  for link in $links; do
    if ip -o link show | grep -q "^[0-9]*: $link:"; then
      ip link delete "$link" || fail "cannot remove $link, the interface of another flannel backend"
      printf 'removed %s, the interface of another flannel backend\n' "$link"
    fi
  done
}

# A start that never ends, such as an agent's whose server cannot be reached, must not hang us.
restart_service() {
  systemctl stop "$service"
  rotate_certificates
  remove_other_backend
  since=$(date -u '+%Y-%m-%dT%H:%M:%SZ')
  systemctl start --no-block "$service"
}

# "True 2026-11-25T07:00:00Z v1.34.4+k3s1": the kubelet's last report, and its time. A server's
# API and etcd have to be ready as well.
status() {
  if [ "$role" = server ]; then
    kubectl_of_node get --raw /readyz >/dev/null || return 1
  fi
  kubectl_of_node get node "$node" --output \
    'jsonpath={.status.conditions[?(@.type=="Ready")].status} {.status.conditions[?(@.type=="Ready")].lastHeartbeatTime} {.status.nodeInfo.kubeletVersion}'
}

# Times of one form sort as texts.
is_ready() {
  printf '%s\n' "$found" | awk -v version="$1" -v since="$since" \
    '{ exit !($1 == "True" && $2 "" >= since "" && index($3, version) == 1) }'
}

# Says what helps where $1, what K3s has said, is that the cluster refuses the node.
explain_refusal() {
  case $1 in
    *"Node password rejected"*)
      fail "The cluster refuses $node: it knows a node of this name, with another disk. If this one takes" \
        "its place, run on a server:
  sudo k3s kubectl --namespace kube-system delete secret $node.node-password.k3s
and then 'pulumi up' again. If not, give this one another name in nodes."
      ;;
    *"token CA hash does not match the Cluster CA certificate hash"*)
      fail "$node does not join: the machine that answers at" \
        "$(sed -n 's/^server: "*\([^"]*\)"*$/\1/p' "$config" "$config.d"/*.yaml 2>/dev/null | tail -n 1) has another CA than the cluster had when" \
        "'pulumi up' last read it. If you have replaced the cluster's CA, set k3s.rotation.certificates" \
        "to a new date and run 'pulumi up' again. If not, something else answers there: nothing secret" \
        "was sent to it."
      ;;
    *"duplicate node name found"*)
      fail "etcd refuses $node: it has a member of this name, with another disk. If this one takes its" \
        "place, run on another server:
  sudo k3s kubectl delete node $node
and then 'pulumi up' again. If not, give this one another name in nodes."
      ;;
  esac
}

# K3s keeps trying when the cluster refuses a node, which will never succeed.
check_refusal() {
  has_systemd || return 0
  said=$(journalctl --unit "$service" --since=-15s --no-pager --output cat 2>/dev/null) || return 0
  explain_refusal "$said"
}

wait_until_ready() {
  seconds=0
  while :; do
    # K3s' warnings are not part of the answer.
    found=$(status 2>"$staging/refused") || found="no answer: $(cat "$staging/refused")"
    ! is_ready "$1" || return 0
    [ "$seconds" -lt 300 ] || break
    seconds=$((seconds + 2))
    [ $((seconds % 30)) -ne 0 ] || printf 'node %s is not ready yet, after %s s\n' "$node" "$seconds"
    [ "$seconds" -lt 30 ] || [ $((seconds % 10)) -ne 0 ] || check_refusal
    sleep 2
  done
  if has_systemd; then
    journalctl --unit "$service" --lines 30 --no-pager --output cat >&2 || true
  fi
  fail "node $node is not ready with K3s $version after 300 s: $found
It stays cordoned. 'journalctl -u $service' there says more; 'pulumi up' goes on where this ended."
}

mkdir -p "$state"
chmod 0700 "$state"
since=
is_rotated=true
digest=$(sha256sum <"$staging/request")
installed=$(installed_version)
check_role
check_servers_folder
find_interface
if is_own; then
  check_version
  check_skew
  check_upload
fi
check_lone_start

if [ "$(cat "$state/applied" 2>/dev/null)" = "$digest" ] &&
  systemctl is-active --quiet "$service"; then
  wait_until_ready "v1.$(minor_of "$version")."
  uncordon
  printf 'unchanged: K3s %s, node %s is ready\n' "$version" "$node"
  exit 0
fi

find_server
if is_own; then
  # Before the cordon: a download may take long, and may fail.
  install_file "$own_installer" 0755 <"$staging/files$own_installer"
  run_installer
  [ -z "$binary" ] || rm -f "$binary"
  cordon
  write_files
  restart_service
  wait_until_ready "$version"
else
  cordon
  write_files
  # It starts K3s itself, and may install another patch of the same minor release.
  run_installer
  wait_until_ready "v1.$(minor_of "$version")."
fi
uncordon
"$is_rotated" || fail "K3s could not rotate the certificates of $node, for the reason above. It runs with" \
  "the old ones, and $node takes pods again; 'pulumi up' tries once more."
printf '%s' "$digest" >"$state/applied"
printf 'K3s %s, node %s is ready\n' "$version" "$node"
