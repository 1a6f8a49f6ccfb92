#!/bin/sh
# Waits for PostgreSQL and runs roles.sql. Reads the PG* variables of libpq.
set -eu

# The authority that has to have issued the server's certificate.
PGSSLROOTCERT=$(mktemp)
export PGSSLROOTCERT
printf '%s' "$CA_CERTIFICATE" >"$PGSSLROOTCERT"

sh "$(dirname "$0")/wait.sh"

# No statement of this session is logged, whatever the server's settings: some hold a password.
export PGOPTIONS='-c log_statement=none -c log_min_duration_statement=-1 -c log_min_error_statement=panic -c client_min_messages=warning'
exec psql --no-psqlrc --quiet --file="$(dirname "$0")/roles.sql"
