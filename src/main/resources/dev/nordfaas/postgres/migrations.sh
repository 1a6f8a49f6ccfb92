#!/bin/sh
# Applies the migrations of $DATABASES, each as its own role. Reads the PG* variables of libpq, and PASSWORD_<ROLE>;
# $SUFFIX is what the name ends in under which the server has a database for migrations.
set -eu
here=$(dirname "$0")

# The authority that the server's certificate has to be of.
PGSSLROOTCERT=$(mktemp)
export PGSSLROOTCERT
printf '%s' "$CA_CERTIFICATE" >"$PGSSLROOTCERT"

sh "$here/wait.sh"

for database in $DATABASES; do
  role=${database}_migrator
  PGPASSWORD=$(printenv "PASSWORD_$(printf '%s' "$role" | tr '[:lower:]' '[:upper:]')")
  export PGPASSWORD
  psql --no-psqlrc --quiet --username="$role" --dbname="$database${SUFFIX-}" --file="$here/database.$database.sql"
done
