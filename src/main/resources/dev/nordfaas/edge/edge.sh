#!/bin/sh
# Starts Caddy. Makes it reload its files when Kubernetes has updated them.
# edge.sh FOLDER ADMIN_SOCKET
set -eu
folder=$1
socket=$2

# Kubernetes changes all files of a volume at once: ..data is a link to their folder.
version() {
  readlink "$folder/..data"
}

# If Caddy refuses the files, it reports why, and keeps its old ones.
reload() {
  # Forced: the Caddyfile may be unchanged if only its certificate has changed.
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
      # Tried again later: Caddy may not have started yet.
      sleep 10
    fi
  done
}

# Before Caddy reads them: an update in between is read twice, not missed.
first=$(version)
# $$ is this process, which becomes Caddy.
reload_what_changes "$first" &
exec caddy run --config "$folder/Caddyfile" --adapter caddyfile
