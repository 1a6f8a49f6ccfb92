# Waits until K3s has deployed the cluster's name server, some seconds after its API answers: only what
# is there can be changed.
# Standard input is read anyway: otherwise the SSH session fails because it cannot send it.
cat >/dev/null
if command -v k3s >/dev/null; then set -- k3s kubectl; else set -- kubectl; fi
seconds=0
until found=$("$@" --kubeconfig /etc/rancher/k3s/k3s.yaml --request-timeout 10s --namespace kube-system \
  get deployment coredns --output name 2>&1); do
  [ "$seconds" -lt 120 ] ||
    fail "K3s has not deployed CoreDNS within $seconds s: $found
See 'journalctl -u k3s' on $(uname -n), and run 'pulumi up' again."
  sleep 2
  seconds=$((seconds + 2))
done
printf 'K3s has deployed CoreDNS\n'
