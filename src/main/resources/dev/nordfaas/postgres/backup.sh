#!/bin/sh
# Makes a backup with pgBackRest and records the result in the database: `backup.sh full` or `backup.sh diff`.
# `backup.sh prepare` prepares the repository, checks it, and makes a full backup if there is none.
# Reads the PG* variables of libpq.
set -eu

stanza=postgres

run() { pgbackrest "--stanza=$stanza" "$@"; }

wait_for_database() { sh "$(dirname "$0")/wait.sh"; }

# record TYPE COLUMN: when a backup was last started, succeeded or failed, for the metrics.
record() {
  {
    WAIT_SECONDS=30 sh "$(dirname "$0")/wait.sh" &&
      psql --no-psqlrc --quiet --username=backup --dbname=postgres --set=ON_ERROR_STOP=1 --set=type="$1" --set=column="$2" <<'SQL'
INSERT INTO nordfaas.backups (type, :"column") VALUES (:'type', now())
  ON CONFLICT (type) DO UPDATE SET :"column" = excluded.:"column";
SQL
  } || echo "could not record in the database that the backup has ${2%_at}; the metrics will report it as overdue" >&2
}

backup() {
  if ! wait_for_database; then
    echo "the $1 backup was not started" >&2
    exit 1
  fi
  record "$1" started_at
  if run --type="$1" backup; then
    record "$1" succeeded_at
  else
    code=$?
    record "$1" failed_at
    echo "the $1 backup failed with code $code" >&2
    exit "$code"
  fi
}

case ${1:-} in
full | diff)
  backup "$1"
  ;;
prepare)
  wait_for_database
  run stanza-create
  run check
  if ! run --log-level-console=warn info | grep -q 'full backup'; then
    backup full
  fi
  ;;
*)
  echo 'usage: backup.sh full|diff|prepare' >&2
  exit 2
  ;;
esac
