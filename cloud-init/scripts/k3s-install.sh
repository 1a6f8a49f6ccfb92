# Installs the wanted release of K3s, (re)starts it with the files that are there already, and
# waits until the node is ready. Standard input: "key=value" lines.
version=
role=
node=
installer=
while IFS='=' read -r key value; do
  case $key in
    version) version=$value ;;
    role) role=$value ;;
    node) node=$value ;;
    installer) installer=$value ;;
  esac
done
case $role in
  server) service=k3s.service ;;
  agent) service=k3s-agent.service ;;
  *) fail "unknown role '$role'" ;;
esac

installed_version() {
  if command -v k3s >/dev/null; then k3s --version | sed -n 's/^k3s version \([^ ]*\).*/\1/p'; fi
}

# The install script of the same release, which checks the binary against the release's checksums.
install_release() {
  script=$(mktemp)
  trap 'rm -f "$script"' EXIT
  tag=$(printf '%s' "$version" | sed 's/+/%2B/')
  curl --proto '=https' --fail --silent --show-error --location --retry 5 --max-time 120 \
    --output "$script" "https://raw.githubusercontent.com/k3s-io/k3s/$tag/install.sh" ||
    fail "cannot download the install script of K3s $version"
  INSTALL_K3S_VERSION=$version INSTALL_K3S_EXEC=$role INSTALL_K3S_SKIP_START=true sh "$script"
  [ "$(installed_version)" = "$version" ] ||
    fail "wanted K3s $version, found $(installed_version)"
}

# Pods keep running meanwhile. A start that never ends, such as that of an agent whose server is
# out of reach, must not hang us.
restart_service() {
  systemctl enable --quiet "$service"
  systemctl stop "$service"
  systemctl start --no-block "$service"
}

kubectl_of_node() {
  case $role in
    server) kubeconfig=/etc/rancher/k3s/k3s.yaml ;;
    *) kubeconfig=/var/lib/rancher/k3s/agent/kubelet.kubeconfig ;;
  esac
  if command -v k3s >/dev/null; then
    k3s kubectl --kubeconfig "$kubeconfig" --request-timeout 10s "$@"
  else
    kubectl --kubeconfig "$kubeconfig" --request-timeout 10s "$@"
  fi
}

# "True v1.34.4+k3s1", once the kubelet of the wanted release has reported.
status() {
  kubectl_of_node get node "$node" --output \
    'jsonpath={.status.conditions[?(@.type=="Ready")].status} {.status.nodeInfo.kubeletVersion}'
}

wait_until_ready() {
  seconds=0
  while :; do
    found=$(status 2>&1) || true
    # shellcheck disable=SC2254 # a pattern on purpose
    case $found in "True "$1) return 0 ;; esac
    [ "$seconds" -lt 300 ] || break
    seconds=$((seconds + 2))
    sleep 2
  done
  if has_systemd; then
    journalctl --unit "$service" --lines 30 --no-pager --output cat >&2 || true
  fi
  fail "node $node is not ready with K3s $version after 300 s: $found"
}

if [ -n "$installer" ]; then
  INSTALL_K3S_VERSION=$version "$installer" "$role" || fail "$installer failed"
  # It may install any build of the same Kubernetes.
  wait_until_ready "${version%%+*}*"
else
  [ "$(installed_version)" = "$version" ] || install_release
  restart_service
  wait_until_ready "$version"
fi
printf 'K3s %s, node %s is ready\n' "$version" "$node"
