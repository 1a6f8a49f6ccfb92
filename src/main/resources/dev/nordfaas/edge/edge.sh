#!/bin/sh
# Starts Caddy. Has it read its files again when Kubernetes has brought new ones.
# edge.sh FOLDER ADMIN_SOCKET
set -eu
folder=$1
socket=$2

# Kubernetes changes all files of a volume at once: ..data is a link to the folder that they are in.
version() {
  readlink "$folder/..data"
}

# Where Caddy refuses the files it says why, and goes on with those that it has.
reload() {
  # Forced: a Caddyfile stays the same where only the certificate that it names has changed.
  caddy reload --force --config "$folder/Caddyfile" --adapter caddyfile --address "unix/$socket"
}

reload_what_changes() {
  loaded=$1
  while sleep 2 && kill -0 $$ 2>/dev/null; do
    now=$(version)
    [ "$now" != "$loaded" ] || continue
    if reload; then
      loaded=$now
    else
      # Once more later: Caddy may not be there yet.
      sleep 10
    fi
  done
}

# Before Caddy reads: what comes in between is read twice, not never.
first=$(version)
# $$ is this process, which becomes Caddy.
reload_what_changes "$first" &
exec caddy run --config "$folder/Caddyfile" --adapter caddyfile
