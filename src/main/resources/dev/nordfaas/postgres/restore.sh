#!/bin/sh
# Before PostgreSQL starts: checks that pgBackRest is there, and restores if somebody has asked for it. A request is
# the file id in /etc/postgres-restore, with the time in the file target, which is empty for the latest; each is
# carried out once.
set -eu

requests=/etc/postgres-restore
done_file=$(dirname "$PGDATA")/restored

if ! pgbackrest version >/dev/null 2>&1; then
  echo 'This image has no pgBackRest, which postgres.backup needs: use one made from images/postgres/Containerfile, or take postgres.backup out of the config.' >&2
  exit 1
fi
[ -e "$requests/id" ] || exit 0
id=$(cat "$requests/id")
if [ -e "$done_file" ] && [ "$(cat "$done_file")" = "$id" ]; then
  exit 0
fi
target=$(cat "$requests/target")
[ -d "$PGDATA" ] || mkdir -m 0700 "$PGDATA"
# A restore that was killed leaves its lock to nobody, but a postmaster that was leaves its file.
rm -f "$PGDATA/postmaster.pid"

if [ -n "$target" ]; then
  set -- --type=time "--target=$target" --target-action=promote
else
  set -- --type=default
fi
# pgBackRest takes pg_control away before anything else, and brings it back last.
if ! pgbackrest --stanza=postgres --delta "$@" restore; then
  if [ -e "$PGDATA/global/pg_control" ]; then
    echo 'The restore failed before it changed anything.' >&2
    exit 3
  fi
  echo 'The restore failed half way: PostgreSQL cannot start before one succeeds.' >&2
  exit 4
fi
printf '%s\n' "$id" >"$done_file"
