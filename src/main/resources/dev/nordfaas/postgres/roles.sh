#!/bin/sh
# Waits for PostgreSQL and runs roles.sql. Reads the PG* variables of libpq.
set -eu

# The authority that the server's certificate has to be of.
PGSSLROOTCERT=$(mktemp)
export PGSSLROOTCERT
printf '%s' "$CA_CERTIFICATE" >"$PGSSLROOTCERT"

attempts=150
until pg_isready --quiet --timeout=5; do
  attempts=$((attempts - 1))
  if [ "$attempts" -eq 0 ]; then
    echo "PostgreSQL at $PGHOST:$PGPORT takes no connections" >&2
    exit 1
  fi
  sleep 2
done

# No statement of this session is logged, whatever the server's settings: some hold a password.
export PGOPTIONS='-c log_statement=none -c log_min_duration_statement=-1 -c log_min_error_statement=panic -c client_min_messages=warning'
exec psql --no-psqlrc --quiet --file="$(dirname "$0")/roles.sql"
