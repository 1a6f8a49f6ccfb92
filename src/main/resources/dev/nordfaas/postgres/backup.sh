#!/bin/sh
# Makes a backup with pgBackRest and tells the database how it ended: `backup.sh full` or `backup.sh diff`.
# `backup.sh prepare` makes the repository ready, checks it, and makes a full backup where there is none.
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
  } || echo "the database could not be told that the backup has ${2%_at}; its metric will say that none came" >&2
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
