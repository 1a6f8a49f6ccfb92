#!/bin/sh
# Fails if Caddy refuses its files, with Caddy's own message; otherwise waits until the edge has read them.
# Environment: EDGE_URL, which returns the version that the edge has read, and CONFIG_VERSION, which it should have.
set -eu

# Images have either.
ask() {
  if command -v wget >/dev/null; then
    wget -q -T 5 -O - "$1"
  else
    curl --silent --show-error --fail --max-time 5 "$1"
  fi
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
  answered=$(ask "$EDGE_URL" 2>/tmp/error) || answered=''
  if [ "$answered" = "$CONFIG_VERSION" ]; then
    echo "the edge has read version $CONFIG_VERSION"
    exit 0
  fi
  # A new pod is refused for up to two seconds, until the network policies know it.
  if [ -z "$said" ] && [ -z "$answered" ]; then
    said=$(tail -n 1 /tmp/error)
    said="waiting for the edge at $EDGE_URL, at most 240 s: ${said:-no answer}"
    echo "$said"
  fi
  sleep 2
done
if [ -n "$answered" ]; then
  echo "the edge has not read version $CONFIG_VERSION; it still has $answered. See its log for the reason." >&2
else
  echo "the edge does not answer at $EDGE_URL: $(tail -n 1 /tmp/error)" >&2
fi
exit 1
