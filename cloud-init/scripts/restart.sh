# Security updates come by themselves, restarts do not.

# The newest installed kernel of the running one's kind, such as "-amd64" or "-generic". A kernel that comes
# from outside, as in a container, is not among the installed ones.
newest_kernel() {
  kind=$(printf '%s' "$1" | sed -E 's/^[0-9.]+(-[0-9]+)?//')
  for image in /boot/vmlinuz-*; do
    printf '%s\n' "${image##*/vmlinuz-}"
  done | sed -E -n "s/^([0-9.]+(-[0-9]+)?)$(printf '%s' "$kind" | sed 's/[.+]/\\&/g')\$/&/p" |
    sort -V | tail -n 1
}

# Why this host has to be restarted; nothing if it need not be.
restart_reason() {
  running=$(uname -r)
  if [ -e "/boot/vmlinuz-$running" ]; then
    newest=$(newest_kernel "$running")
    if [ "$newest" != "$running" ]; then
      printf 'Linux %s is installed, and %s is running' "$newest" "$running"
      return 0
    fi
  fi
  if [ -e /run/reboot-required ]; then
    packages=$(sort -u /run/reboot-required.pkgs 2>/dev/null | paste -sd ' ' - | sed 's/ /, /g')
    printf 'an update of %s takes effect with it' "${packages:-a package}"
  fi
}
