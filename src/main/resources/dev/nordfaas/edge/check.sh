#!/bin/sh
# Fails if Caddy refuses its files, with Caddy's own message; otherwise waits until the edge has read them.
# Environment: EDGE_URL, which returns the version that the edge has read, and CONFIG_VERSION, which it should have;
# REPLICAS, if there are several edges behind the name in EDGE_URL: each that is ready has to have read it.
set -eu

# Images have either.
ask() {
  if command -v wget >/dev/null; then
    wget -q -T 5 -O - "$1"
  else
    curl --silent --show-error --fail --max-time 5 "$1"
  fi
}

# Each edge by its address: a lookup of the name says which are ready.
urls() {
  if [ "${REPLICAS:-1}" -le 1 ]; then
    echo "$EDGE_URL"
    return
  fi
  rest=${EDGE_URL#http://}
  # What comes before the name is the server that was asked.
  nslookup "${rest%%:*}" 2>/tmp/error | sed -n '/^Name:/,$s/^Address[^:]*:[[:space:]]*\([^[:space:]]*\).*/\1/p' | sort -u |
    while read -r address; do
      case $address in *:*) address="[$address]" ;; esac
      echo "http://$address:${rest#*:}"
    done
}

# Sets url and answered, to the first edge that has not read it.
all_have_read() {
  url=''
  answered=''
  for url in $(urls); do
    answered=$(ask "$url" 2>/tmp/error) || answered=''
    [ "$answered" = "$CONFIG_VERSION" ] || return 1
  done
  [ -n "$url" ] || url=$EDGE_URL
  [ -n "$answered" ]
}

caddy validate --config "$FOLDER/Caddyfile" --adapter caddyfile >/tmp/said 2>&1 || {
  # The last line has the reason.
  tail -n 1 /tmp/said >&2
  echo 'Caddy refuses this config; the edge keeps the previous one.' >&2
  exit 1
}

# Kubernetes brings changed files to a running pod within a minute and a half.
deadline=$(($(date +%s) + 240))
said=
while [ "$(date +%s)" -le "$deadline" ]; do
  if all_have_read; then
    echo "the edge has read version $CONFIG_VERSION"
    exit 0
  fi
  # A new pod is refused for up to two seconds, until the network policies know it.
  if [ -z "$said" ] && [ -z "$answered" ]; then
    said=$(tail -n 1 /tmp/error)
    said="waiting for the edge at $url, at most 240 s: ${said:-no answer}"
    echo "$said"
  fi
  sleep 2
done
if [ -n "$answered" ]; then
  echo "the edge has not read version $CONFIG_VERSION; at $url it still has $answered. See its log for the reason." >&2
else
  echo "the edge does not answer at $url: $(tail -n 1 /tmp/error)" >&2
fi
exit 1
