#!/bin/sh
# Applies the migrations of $DATABASES, each as its own role. Reads the PG* variables of libpq, and PASSWORD_<ROLE>;
# the server offers each database for migrations under its name with $SUFFIX.
set -eu
here=$(dirname "$0")

# The authority that has to have issued the server's certificate.
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
