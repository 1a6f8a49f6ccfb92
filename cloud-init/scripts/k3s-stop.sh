# Stops K3s on a node that has left the cluster, so that it does not come back with the next boot.
# What is sent is read all the same: else the SSH session ends with an error that it could not be sent.
cat >/dev/null
for service in k3s k3s-agent; do
  if [ -e "/etc/systemd/system/$service.service" ]; then
    systemctl disable --quiet --now "$service.service"
    printf '%s is stopped\n' "$service"
  fi
done
