# Loads the firewall from standard input without locking anybody out. The first call
# loads it and arms a rollback; a second one, which could only connect through the new rules,
# disarms it and keeps them. Without a second call the old rules are back after $timeout seconds.
#
# $mode is "load" or "confirm".
timeout=120
kept=/etc/nordfaas/firewall.nft
run=/run/nordfaas
SSH_CONNECTION=${SSH_CONNECTION:-}
candidate=$run/firewall.nft
mkdir -p "$run"
chmod 0700 "$run"
incoming=$(mktemp "$run/incoming.XXXXXX")
trap 'rm -f "$incoming"' EXIT
cat >"$incoming"

command -v nft >/dev/null || fail "nft is missing; install the package nftables"

is_kept() {
  cmp -s "$incoming" "$kept" && [ -e "$state/firewall.rules" ] &&
    [ "$(firewall_rules)" = "$(cat "$state/firewall.rules")" ]
}

is_armed() {
  cmp -s "$incoming" "$candidate" && ls "$run"/armed.* >/dev/null 2>&1
}

keep() {
  install_file "$kept" 0644 <"$incoming"
  applied firewall "$kept"
  firewall_rules | install_file "$state/firewall.rules" 0644
  rm -f "$candidate"
  if has_systemd; then systemctl enable --quiet nordfaas-firewall.service; fi
}

# The first to rename the mark wins: the second connection, or the rollback.
disarm() {
  mv "$run"/armed.* "$run/disarmed" 2>/dev/null
}

arm() {
  nft --check --file "$incoming" || fail "nft rejects the rules"
  rm -f "$run"/armed.*
  mark=$(mktemp "$run/armed.XXXXXX")
  before=$run/before.${mark##*.}
  rollback=$run/rollback.${mark##*.}
  {
    printf 'table %s\ndelete table %s\n' "$firewall_table" "$firewall_table"
    # Those that a node falls back to if its own were broken at boot are in no file.
    if [ -e "$kept" ] && nft --check --file "$kept" 2>/dev/null; then
      cat "$kept"
    else
      # shellcheck disable=SC2086 # family and name are two words
      nft --stateless list table $firewall_table 2>/dev/null || true
    fi
  } >"$before"
  cat >"$rollback" <<ROLLBACK
mv "$mark" "$run/rolled-back" 2>/dev/null || exit 0
nft --file "$before"
rm -f "$candidate"
ROLLBACK
  if has_systemd; then
    systemd-run --quiet --collect --on-active="$timeout" sh "$rollback"
  else
    # shellcheck disable=SC2016 # the inner shell expands its own arguments
    setsid nohup sh -c 'sleep "$1"; exec sh "$2"' sh "$timeout" "$rollback" \
      >/dev/null 2>&1 </dev/null &
  fi
  cp "$incoming" "$candidate"
  nft --file "$candidate"
}

# This connection is allowed as it existed before; could its client connect again?
client_is_let_in() {
  client=${SSH_CONNECTION%% *}
  case $client in
    "") return 0 ;;
    *:*) set=ssh_clients6 ;;
    *) set=ssh_clients4 ;;
  esac
  # shellcheck disable=SC2086 # family and name are two words
  nft get element $firewall_table "$set" "{ ${client%%%*} }" >/dev/null 2>&1
}

if is_kept; then
  printf 'unchanged\n'
  exit 0
fi
if is_armed && disarm; then
  keep
  printf 'kept: a new connection came through\n'
  exit 0
fi
arm
if ! client_is_let_in; then
  sh "$rollback"
  fail "The new firewall would lock out ${SSH_CONNECTION%% *}, where this comes from;" \
    "add it to host.firewall.sshCidrs. The old firewall is back."
fi
if [ "$mode" = confirm ]; then
  fail "No second SSH connection came through the new firewall within $timeout s, and the old one" \
    "was put back. It is loaded again now: if the network was at fault, run 'pulumi up' again" \
    "within $timeout s; if not, correct host.firewall."
fi
printf 'loaded; back to the old rules in %s s unless a new connection comes through\n' "$timeout"
