#!/bin/sh
# Waits until the server that the PG* variables of libpq name accepts connections, and reports what it waits for. It
# fails after WAIT_SECONDS, 240 unless set: before the time limit of the Job that runs it. K3s rejects the connections of
# a new pod for up to two seconds, until its network policies know the pod's address.
set -eu

limit=${WAIT_SECONDS:-240}
begin=$(date +%s)
said=-15
until answer=$(pg_isready --timeout=5 2>&1); do
  waited=$(($(date +%s) - begin))
  if [ "$waited" -ge "$limit" ]; then
    echo "the server at $PGHOST accepts no connections, after $waited s: $answer" >&2
    exit 1
  fi
  if [ $((waited - said)) -ge 15 ]; then
    echo "waiting for the database, $waited of $limit s: $answer; a new pod is let through after up to two seconds" >&2
    said=$waited
  fi
  sleep 1
done
