# Stops K3s on a node that has left the cluster, so that it does not come back at the next boot.
# Standard input is read anyway: otherwise the SSH session fails because it cannot send it.
cat >/dev/null
for service in k3s k3s-agent; do
  if [ -e "/etc/systemd/system/$service.service" ]; then
    systemctl disable --quiet --now "$service.service"
    printf '%s is stopped\n' "$service"
  fi
done
