#!/bin/sh
# Applies this folder to NATS; idempotent:
#   1. every server reloads its config, until all of them have version CONFIG_VERSION;
#   2. each stream and consumer is created, or changed to match its file. If one change is impossible, or
#      would delete messages or leave them without a consumer, all are refused and nothing is changed;
#      Only the status stream, which nothing depends on, is recreated if it cannot be changed;
#   3. the streams named in DELETE_STREAMS are deleted. Others that are no longer in the config are kept and reported.
# Reads CONFIG_VERSION, DELETE_STREAMS, NATS_ADMIN_PASSWORD, NATS_CA_CERTIFICATE, NATS_SYSTEM_PASSWORD, NATS_URL,
# SERVERS (their number). Needs nats, jq and a folder TMPDIR or /tmp.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf '%s\n' "$NATS_CA_CERTIFICATE" >"$work/ca.crt"

# as USER PASSWORD COMMAND...: runs nats without secrets in its arguments.
as() {
  NATS_USER=$1 NATS_PASSWORD=$2 NATS_CA=$work/ca.crt
  export NATS_USER NATS_PASSWORD NATS_CA
  shift 2
  nats --inbox-prefix="_INBOX_$NATS_USER" "$@" </dev/null
}
system() { as system "$NATS_SYSTEM_PASSWORD" --timeout=3s "$@"; }
admin() { as admin "$NATS_ADMIN_PASSWORD" --timeout=10s "$@"; }

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# Prints a command's output only if it fails, because nats shows whole configs on success.
quietly() {
  if ! output=$("$@" 2>&1); then
    printf '%s\n' "$output" >&2
    return 1
  fi
}

# ------------------------------------------------------------------------------------------ servers

# Kubernetes brings changed files to a running pod within a minute and a half.
deadline=$(($(date +%s) + 240))
said=
say_once() {
  [ "$1" = "$said" ] || printf '%s\n' "$1"
  said=$1
}

# Prints id, name and version of each server that answers.
servers() {
  system req "\$SYS.REQ.SERVER.PING" '' --replies="$SERVERS" --raw 2>"$work/error" |
    jq -r 'select(.server) | [.server.id, .server.name, .server.metadata.config // "none"] | @tsv'
}

while :; do
  servers >"$work/servers" || :
  answered=$(grep -c . "$work/servers" || :)
  behind=$(awk -F '\t' -v version="$CONFIG_VERSION" '$3 != version { print $1, $2 }' "$work/servers")
  [ "$answered" -lt "$SERVERS" ] || [ -n "$behind" ] || break
  # A new pod is refused for up to two seconds, until the network policies know it; servers take turns to start.
  [ "$answered" -ge "$SERVERS" ] ||
    say_once "waiting for NATS at $NATS_URL, at most 240 s: $answered of $SERVERS servers answer: $(tail -n 1 "$work/error")"
  if [ "$(date +%s)" -gt "$deadline" ]; then
    [ -n "$behind" ] || fail "only $answered of $SERVERS NATS servers answer at $NATS_URL: $(tail -n 1 "$work/error")"
    fail "these NATS servers have not reloaded their config, and keep the old one: $(echo "$behind" | awk '{ print $2 }' | xargs)"
  fi
  echo "$behind" | while read -r id name; do
    [ -n "$id" ] || continue
    answer=$(system req "\$SYS.REQ.SERVER.$id.RELOAD" '' --raw 2>&1 | jq -r '.error.description // empty' 2>/dev/null || :)
    [ -z "$answer" ] || printf 'server %s: %s\n' "$name" "$answer"
  done >"$work/reload"
  [ ! -s "$work/reload" ] || say_once "$(cat "$work/reload")"
  sleep 1
done
echo "servers: $SERVERS with config $CONFIG_VERSION"

# ------------------------------------------------------------------------------------------ streams

# A cluster that has just started elects a leader first.
until streams=$(admin stream ls --all --names 2>"$work/error"); do
  [ "$(date +%s)" -le "$deadline" ] || fail "JetStream at $NATS_URL does not answer: $(tail -n 1 "$work/error")"
  sleep 1
done

# exists STREAM
exists() { printf '%s\n' "$streams" | grep -Fqx "$1"; }

# It used to be in memory.
statuses=nordfaas-status
if exists "$statuses" &&
  [ "$(admin stream info "$statuses" --json | jq -r .config.storage)" != "$(jq -r .storage "stream.$statuses.json")" ]; then
  quietly admin stream rm "$statuses" --force
  echo "stream $statuses: deleted, will be recreated"
  streams=$(printf '%s\n' "$streams" | grep -Fvx "$statuses" || :)
fi

# refusals STREAM: prints why the stream cannot be changed to match its file.
refusals() {
  admin stream info "$1" --json >"$work/info"
  # Each dead letter has a subject of its own, all of them below the one that the config cannot change.
  case $1 in
  *-dlq) echo '{}' ;;
  *) admin stream subjects "$1" --json 2>/dev/null || echo '{}' ;;
  esac >"$work/subjects"
  cat /dev/null consumer."$1".*.json 2>/dev/null >"$work/consumers" || :
  jq -n -r --slurpfile wanted "stream.$1.json" --slurpfile info "$work/info" \
    --slurpfile stored "$work/subjects" --slurpfile consumers "$work/consumers" '
    def covers($subject): . as $filter | $subject | test("^" + ($filter | split(".")
      | map(if . == "*" then "[^.]+" elif . == ">" then ".+" else gsub("(?<c>[^A-Za-z0-9_-])"; "\\\(.c)") end)
      | join("[.]")) + "$");
    def filters: .filter_subjects // (if .filter_subject then [.filter_subject] else [">"] end);
    def seconds: sub("[.][0-9]+"; "") | sub("[+]00:00$"; "Z") | fromdate;
    $wanted[0] as $new | $info[0].config as $old | $info[0].state as $state | ($stored[0] // {}) as $stored
    | ($new.max_age / 1000000000) as $age
    | [
      (if $new.storage != $old.storage then "storage \($old.storage) cannot become \($new.storage)" else empty end),
      (if $new.retention != $old.retention and ([$new.retention, $old.retention] | index("workqueue"))
        then "retention \($old.retention) cannot become \($new.retention)" else empty end),
      # With interest, NATS removes at once what no consumer waits for.
      (if $old.retention == "limits" and $new.retention == "interest" and $state.messages > 0
        then "retention interest would delete messages: \($state.messages) are stored, and only what a consumer still has to process stays" else empty end),
      (if $new.discard == "old" and $new.max_msgs > 0 and $state.messages > $new.max_msgs
        then "maxMsgs \($new.max_msgs) would delete messages: \($state.messages) are stored" else empty end),
      # Even with discard: new, NATS applies a smaller limit of a subject to what is stored.
      (if $new.max_msgs_per_subject > 0 and ($new.name | startswith("nordfaas-") | not)
        then $stored | to_entries[] | select(.value > $new.max_msgs_per_subject)
          | "maxMsgsPerSubject \($new.max_msgs_per_subject) would delete messages: \(.value) of \(.key) are stored" else empty end),
      (if $new.discard == "old" and $state.messages > 0 and $new.max_bytes < $state.bytes
        then "maxBytes \($new.max_bytes) would delete messages: \($state.bytes) bytes are stored" else empty end),
      # What is older than nordfaas itself needs it may go.
      (if ($new.name | startswith("nordfaas-") | not) and $state.messages > 0 and $age > 0 and ($old.max_age == 0 or $new.max_age < $old.max_age)
          and ($state.first_ts | seconds) < (now - $age)
        then if $new.name | endswith("-dlq")
          then "deadLetters.maxAge \($age)s would delete dead letters: the oldest is from \($state.first_ts); first replay or remove them with tools/dead-letters"
          else "maxAge \($age)s would delete messages: the oldest is from \($state.first_ts)" end
        else empty end),
      ($stored | to_entries[] | .key as $subject | .value as $messages
        | if any($new.subjects[]; covers($subject)) | not
          then "subjects leave out \($subject), which has \($messages) stored messages"
          elif $new.retention == "workqueue" and ($consumers | length) > 0
            and (any($consumers[] | filters[]; covers($subject)) | not)
          then "filterSubjects leave \($messages) messages of \($subject) without a consumer"
          else empty end)
    ] | .[]'
}

refused=
for file in stream.*.json; do
  [ -e "$file" ] || continue
  stream=${file#stream.}
  stream=${stream%.json}
  exists "$stream" || continue
  reasons=$(refusals "$stream")
  [ -n "$reasons" ] || continue
  printf '%s\n' "$reasons" | sed "s/^/stream $stream: refused: /" >&2
  refused=yes
done
[ -z "$refused" ] || fail "nothing was changed; undo these changes of the config, or let the workers empty the stream, and run pulumi up again"

for file in stream.*.json; do
  [ -e "$file" ] || continue
  stream=${file#stream.}
  stream=${stream%.json}
  # Never add an existing stream: nats-server before 2.14.5 could then lose its messages.
  if ! exists "$stream"; then
    quietly admin stream add "$stream" --config="$file"
    echo "stream $stream: created"
  elif admin stream edit "$stream" --config="$file" --dry-run; then
    echo "stream $stream: unchanged"
  else
    quietly admin stream edit "$stream" --config="$file" --force
    echo "stream $stream: changed"
  fi
done

for file in consumer.*.json; do
  [ -e "$file" ] || continue
  name=${file#consumer.}
  name=${name%.json}
  stream=${name%%.*}
  consumer=${name#*.}
  consumers=$(admin consumer ls "$stream" --names)
  if ! printf '%s\n' "$consumers" | grep -Fqx "$consumer"; then
    if ! quietly admin consumer add "$stream" "$consumer" --config="$file"; then
      fail "consumer $stream > $consumer: not created; the stream has:" "$consumers"
    fi
    echo "consumer $stream > $consumer: created"
  elif admin consumer edit "$stream" "$consumer" --config="$file" --dry-run 2>/dev/null; then
    echo "consumer $stream > $consumer: unchanged"
  else
    # Adding an existing consumer changes it.
    quietly admin consumer add "$stream" "$consumer" --config="$file"
    echo "consumer $stream > $consumer: changed"
  fi
done

# ------------------------------------------------------------------------------------------ the rest

for stream in $streams; do
  [ ! -e "stream.$stream.json" ] || continue
  messages=$(admin stream info "$stream" --json | jq .state.messages)
  case " ${DELETE_STREAMS:-} " in
  *" $stream "*)
    quietly admin stream rm "$stream" --force
    echo "stream $stream: deleted, with $messages messages"
    ;;
  *) echo "stream $stream: no longer in the config, kept, with $messages messages" ;;
  esac
done

# left_over STREAM CONSUMER: says what a consumer without a reader costs.
left_over() {
  waiting=$(admin consumer info "$1" "$2" --json | jq '.num_pending + .num_ack_pending')
  case $(jq -r .retention "stream.$1.json") in
  limits) echo "consumer $1 > $2: no longer in the config, kept" ;;
  *) echo "consumer $1 > $2: no longer in the config, kept, with $waiting messages, which the stream keeps for it: nats consumer rm $1 $2" ;;
  esac
}

for stream in $streams; do
  [ -e "stream.$stream.json" ] || continue
  for consumer in $(admin consumer ls "$stream" --names); do
    [ -e "consumer.$stream.$consumer.json" ] ||
      left_over "$stream" "$consumer"
  done
done
