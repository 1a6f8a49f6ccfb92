#!/bin/sh
# Creates each stream and consumer of this folder, or changes it to what its file says.
# Deletes nothing: what is no longer in the config stays, and says so.
# Reads NATS_URL, NATS_USER, NATS_PASSWORD and NATS_INBOX_PREFIX.
set -eu
cd "$(dirname "$0")"

nats_cli() {
  nats --inbox-prefix="$NATS_INBOX_PREFIX" --timeout=10s "$@" </dev/null
}

# Prints a command's output only if it fails, because nats shows whole configs on success.
quietly() {
  if ! output=$("$@" 2>&1); then
    printf '%s\n' "$output" >&2
    return 1
  fi
}

attempts=60
until streams=$(nats_cli stream ls --names); do
  attempts=$((attempts - 1))
  if [ "$attempts" -eq 0 ]; then
    echo "JetStream at $NATS_URL does not answer" >&2
    exit 1
  fi
  sleep 2
done

for file in stream.*.json; do
  [ -e "$file" ] || continue
  stream=${file#stream.}
  stream=${stream%.json}
  # Never an add for a stream that exists: nats-server before 2.14.5 could then lose its messages.
  if ! printf '%s\n' "$streams" | grep -Fqx "$stream"; then
    quietly nats_cli stream add "$stream" --config="$file"
    echo "stream $stream: created"
  elif nats_cli stream edit "$stream" --config="$file" --dry-run; then
    echo "stream $stream: unchanged"
  else
    quietly nats_cli stream edit "$stream" --config="$file" --force
    echo "stream $stream: changed"
  fi
done

for file in consumer.*.json; do
  [ -e "$file" ] || continue
  name=${file#consumer.}
  name=${name%.json}
  stream=${name%%.*}
  consumer=${name#*.}
  consumers=$(nats_cli consumer ls "$stream" --names)
  if ! printf '%s\n' "$consumers" | grep -Fqx "$consumer"; then
    quietly nats_cli consumer add "$stream" "$consumer" --config="$file"
    echo "consumer $stream > $consumer: created"
  elif nats_cli consumer edit "$stream" "$consumer" --config="$file" --dry-run 2>/dev/null; then
    echo "consumer $stream > $consumer: unchanged"
  else
    # An add changes a consumer that exists; an edit would refuse a new first step of the backoff.
    quietly nats_cli consumer add "$stream" "$consumer" --config="$file"
    echo "consumer $stream > $consumer: changed"
  fi
done

for stream in $streams; do
  [ -e "stream.$stream.json" ] || echo "stream $stream: not in the config any more, kept"
done
