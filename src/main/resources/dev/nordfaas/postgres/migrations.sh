#!/bin/sh
# Applies the migrations of $DATABASE. Reads the PG* variables of libpq: who may, and the name under which the server
# offers the database for this.
set -eu
here=$(dirname "$0")

# The authority that has to have issued the server's certificate.
PGSSLROOTCERT=$(mktemp)
export PGSSLROOTCERT
printf '%s' "$CA_CERTIFICATE" >"$PGSSLROOTCERT"

sh "$here/wait.sh"
exec psql --no-psqlrc --quiet --file="$here/database.$DATABASE.sql"
