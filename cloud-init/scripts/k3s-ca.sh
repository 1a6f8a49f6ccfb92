# Prints the hash of the cluster's CA, as this server writes it into its token for nodes that join:
# K10<hash>::server:<secret>. Only the hash leaves the server.
# Standard input is read anyway: otherwise the SSH session fails because it cannot send it.
cat >/dev/null
file=/var/lib/rancher/k3s/server/token
hash=$(sed -n 's/^K10\([0-9a-f]\{64\}\)::.*/\1/p' "$file")
[ -n "$hash" ] ||
  fail "$file on $(uname -n) does not begin with K10 and the hash of the cluster's CA, so that nodes could" \
    "not tell this cluster from another. K3s writes it at each start: does K3s run here?" \
    "See 'journalctl -u k3s', and run 'pulumi up' again."
printf '%s' "$hash"
