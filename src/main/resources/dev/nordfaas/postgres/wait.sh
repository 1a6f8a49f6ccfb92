#!/bin/sh
# Waits until the server that the PG* variables of libpq name takes connections.
set -eu

attempts=120
until pg_isready --quiet --timeout=5; do
  attempts=$((attempts - 1))
  if [ "$attempts" -eq 0 ]; then
    echo "the server at $PGHOST takes no connections" >&2
    exit 1
  fi
  sleep 2
done
