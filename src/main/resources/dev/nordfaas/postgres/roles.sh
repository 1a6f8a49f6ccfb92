#!/bin/sh
# Waits for PostgreSQL and runs roles.sql. Reads the PG* variables of libpq.
set -eu

# The authority that has to have issued the server's certificate.
PGSSLROOTCERT=$(mktemp)
export PGSSLROOTCERT
printf '%s' "$CA_CERTIFICATE" >"$PGSSLROOTCERT"

sh "$(dirname "$0")/wait.sh"

# The owner of a database sets defaults for all who connect to it, and this session is the administrator's. What is
# given here takes precedence: nothing of the owner's is found by an unqualified name, and no setting stops the script.
export PGCLIENTENCODING=UTF8
PGOPTIONS='-c search_path=pg_catalog,pg_temp -c role=none -c local_preload_libraries='
PGOPTIONS="$PGOPTIONS -c default_transaction_read_only=off -c default_tablespace= -c standard_conforming_strings=on"
PGOPTIONS="$PGOPTIONS -c statement_timeout=0 -c lock_timeout=0 -c idle_session_timeout=0"
# No statement of this session is logged, whatever the server's settings: some hold a password.
PGOPTIONS="$PGOPTIONS -c log_statement=none -c log_min_duration_statement=-1 -c log_min_error_statement=panic"
export PGOPTIONS="$PGOPTIONS -c client_min_messages=warning"
exec psql --no-psqlrc --quiet --file="$(dirname "$0")/roles.sql"
