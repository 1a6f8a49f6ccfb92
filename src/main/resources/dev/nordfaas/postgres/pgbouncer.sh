#!/bin/sh
# Starts PgBouncer if it may open enough files: it would start with fewer, and refuse clients later.
# Has it read its files again when Kubernetes has brought new ones.
# pgbouncer.sh FOLDER
set -eu
folder=$1

# shellcheck disable=SC3045 # the shells of all images have it: dash, busybox
ulimit -S -n "$(ulimit -H -n)"

enough_files() {
  # shellcheck disable=SC3045
  files=$(ulimit -n)
  needed=$(cat "$folder/open-files")
  if [ "$files" = unlimited ] || [ "$files" -ge "$needed" ]; then
    return 0
  fi
  echo "PgBouncer may open $files files and needs $needed for its clients and servers: raise LimitNOFILE of the container runtime, or lower maxClientConn" >&2
  return 1
}

# Kubernetes changes all files of a volume at once: ..data is a link to the folder that they are in.
version() {
  readlink "$folder/..data"
}

reload_what_changes() {
  loaded=$1
  while sleep 2 && kill -0 $$ 2>/dev/null; do
    now=$(version)
    if [ "$now" != "$loaded" ]; then
      loaded=$now
      if enough_files; then
        kill -HUP $$
      fi
    fi
  done
}

enough_files
# Before PgBouncer reads: what comes in between is read twice, not never.
first=$(version)
# $$ is this process, which becomes PgBouncer.
reload_what_changes "$first" &
exec pgbouncer "$folder/pgbouncer.ini"
