# The programs of a node of the tests, under the name that they are called by. All nodes share what
# is one folder up: the log of all calls, what the API server knows of the nodes, the releases.
set -eu
shared=$(dirname "$NODE_ROOT")
node=$(uname -n)
program=$(basename "$0")

# With every process that runs just then, and its arguments.
log() {
  printf '%s %s\n' "$node" "$*" >>"$shared/log"
  cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' ' ' >>"$shared/processes"
}

case $program in
  only-k3s)
    # The host itself is the machine of the tests: nothing but K3s is touched.
    case $SSH_ORIGINAL_COMMAND in
      *sftp-server) exec /usr/lib/openssh/sftp-server ;;
      *"what this host is as one JSON object"*) cat >/dev/null && echo ok ;;
      *K3s* | *k3s.yaml*) exec sh -c "$SSH_ORIGINAL_COMMAND" ;;
      *) cat >/dev/null && echo ok ;;
    esac
    ;;

  ip) cat "$NODE_ROOT/address" ;;
  sleep) ;;

  curl)
    log "curl"
    case "$*" in */cacerts) exit 7 ;; esac
    while [ "$1" != --output ]; do shift; done
    version=$(printf '%s' "$3" | sed -e 's|.*/download/||' -e 's|/.*||' -e 's/%2B/+/')
    log "download $version $(basename "$3")"
    case $3 in
      */sha256sum-amd64.txt)
        printf '%s  k3s\n' "$(sha256sum <"$shared/release-$version" | cut -d ' ' -f 1)" >"$2" ;;
      *) cp "$shared/release-$version" "$2" ;;
    esac
    ;;

  systemctl)
    log "systemctl $*"
    case $1 in
      is-active) [ -e /run/active ] ;;
      stop) rm -f /run/active ;;
      start)
        : >/run/active
        [ ! -e "$shared/broken-$node" ] || exit 0
        mkdir -p /etc/rancher/k3s /var/lib/rancher/k3s/agent /var/lib/rancher/k3s/server/db/etcd
        cp "$shared/kubeconfig" /etc/rancher/k3s/k3s.yaml
        chmod 0600 /etc/rancher/k3s/k3s.yaml
        : >/var/lib/rancher/k3s/agent/kubelet.kubeconfig
        /usr/local/bin/k3s --version | sed -n 's/^k3s version \([^ ]*\).*/\1/p' >"$shared/nodes/$node"
        ;;
    esac
    ;;

  k3s)
    case "$*" in
      --version)
        printf 'k3s version %s (abc)\ngo version go1.24\n' "$K3S_RELEASE"
        exit
        ;;
    esac
    shift 3
    [ "$1" != --request-timeout ] || shift 2
    case $1 in get) ;; *) log "$*" ;; esac
    case "$*" in
      "get --raw /readyz") echo ok ;;
      "get --raw /version") printf '{"gitVersion": "%s"}\n' "$(cat "$shared/nodes/bergen-1")" ;;
      "get nodes "*)
        for file in "$shared"/nodes/*; do
          case $file in *-[123]) server=true ;; *) server= ;; esac
          printf '%s %s %s\n' "$(basename "$file")" "$(cat "$file")" "$server"
        done
        ;;
      "get node "*)
        [ -e "$shared/nodes/$3" ] || exit 1
        case "$*" in
          *unschedulable*) printf '%s \n' "$3" ;;
          *lastHeartbeatTime*)
            printf 'True %s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$(cat "$shared/nodes/$3")" ;;
          *Ready*) printf '%s True\n' "$3" ;;
        esac
        ;;
      "delete node "*) rm "$shared/nodes/$3" ;;
    esac
    ;;
esac
