# Prints the last differences seen between this host and what was applied to it, one line for each
# kind of setting. The text stays the same until another difference is seen; nothing else changes.
# A further line says why the host has to be restarted, if it has to be.
sysctl_file=/etc/sysctl.d/99-serverless-tuning.conf
mkdir -p "$state"

# Records standard input, if any, and prints what is recorded for $1.
remember() {
  differences=$(sed -e '$!s/$/;/' | tr '\n' ' ' | sed -e 's/ $//')
  [ -z "$differences" ] ||
    printf '%s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$differences" |
    install_file "$state/$1.seen" 0644
  [ ! -e "$state/$1.seen" ] || printf '%s: %s\n' "$1" "$(cat "$state/$1.seen")"
}

# The files of $1 whose content differs from what was applied.
changed_files() {
  [ -e "$state/$1.sha256" ] || return 0
  while read -r _ path; do
    if [ ! -e "$path" ]; then
      printf '%s: missing\n' "$path"
    elif ! is_applied "$1" "$path"; then
      printf '%s: changed\n' "$path"
    fi
  done <"$state/$1.sha256"
}

changed_sysctls() {
  [ -e "$state/sysctls.sha256" ] || return 0
  while IFS='=' read -r name value; do
    name=$(normalise "$name")
    case $name in "" | \#*) continue ;; esac
    value=$(normalise "$value")
    found=$(sysctl -n "$name" 2>/dev/null) || continue
    found=$(normalise "$found")
    [ "$found" = "$value" ] || printf '%s: wanted %s, found %s\n' "$name" "$value" "$found"
  done <"$sysctl_file"
}

changed_rules() {
  [ -e "$state/firewall.rules" ] || return 0
  [ "$(firewall_rules)" = "$(cat "$state/firewall.rules")" ] ||
    printf 'the loaded rules: changed\n'
}

{ changed_files sysctls; changed_sysctls; } | remember sysctls
changed_files files | remember files
{ changed_files firewall; changed_rules; } | remember firewall
reason=$(restart_reason)
[ -z "$reason" ] || printf 'restart: %s\n' "$reason"
