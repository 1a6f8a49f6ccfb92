#!/bin/sh
# Starts PgBouncer if it may open enough files: it would start with fewer, and refuse clients later.
# pgbouncer.sh CONFIG FILES
set -eu

# shellcheck disable=SC3045 # the shells of all images have it: dash, busybox
ulimit -S -n "$(ulimit -H -n)"
# shellcheck disable=SC3045
files=$(ulimit -n)
if [ "$files" != unlimited ] && [ "$files" -lt "$2" ]; then
  echo "PgBouncer may open $files files and needs $2 for its clients and servers: raise LimitNOFILE of the container runtime, or lower maxClientConn" >&2
  exit 1
fi
exec pgbouncer "$1"
