# Sets the host's files to the bundle on standard input, and notifies the services whose files
# changed. A second run changes nothing.
staging=$(mktemp -d)
trap 'rm -rf "$staging"' EXIT
paths=$(unbundle "$staging")
changed=
for path in $paths; do
  if cmp -s "$staging$path" "$path"; then
    # Written, but was its service notified? Not if the last run was killed before that.
    is_applied files "$path" || changed="$changed $path"
    continue
  fi
  [ ! -e "$path" ] || cp -p "$path" "$staging$path.before"
  install_file "$path" 0644 <"$staging$path"
  changed="$changed $path"
  printf 'changed %s\n' "$path"
done

# What was written once and is in the bundle no longer, unless somebody has changed it since.
if [ -e "$state/files.sha256" ]; then
  former=$(cut -d ' ' -f 2- "$state/files.sha256" | grep -vxF "$paths") || true
  for path in $former; do
    [ -e "$path" ] || continue
    if is_applied files "$path"; then
      mkdir -p "$(dirname "$staging$path")"
      cp -p "$path" "$staging$path.before"
      rm -f "$path"
      changed="$changed $path"
      printf 'removed %s\n' "$path"
    else
      printf '%s is no longer in the stack config and stays, as it was changed by hand\n' "$path"
    fi
  done
fi

# refused PROGRAM PATH MESSAGE
refused() {
  if [ -e "$staging$2.before" ]; then
    install_file "$2" 0644 <"$staging$2.before"
  else
    rm -f "$2"
  fi
  fail "$1 rejects $2, which was restored: $3"
}

# A config file that sshd rejects would lock everybody out at its next start; one that keepalived rejects
# would take a virtual address away.
for path in $changed; do
  case $path in
    /etc/ssh/*)
      mkdir -p /run/sshd
      message=$(sshd -t 2>&1) || refused sshd "$path" "$message"
      ;;
    /etc/keepalived/*)
      [ ! -e "$path" ] || message=$(keepalived --config-test --use-file "$path" 2>&1) ||
        refused keepalived "$path" "$message"
      ;;
  esac
done

for path in $changed; do
  case $path in
    /etc/modules-load.d/*)
      [ ! -e "$path" ] || sed -e '/^#/d' "$path" | while read -r module; do
        modprobe "$module" || printf 'the kernel has no module %s\n' "$module"
      done
      ;;
  esac
  has_systemd || continue
  case $path in
    /etc/systemd/system/*) systemctl daemon-reload ;;
    /etc/ssh/*) systemctl try-reload-or-restart ssh.service ;;
    /etc/keepalived/*)
      if [ -e "$path" ]; then
        systemctl enable --quiet keepalived.service
        systemctl reload-or-restart keepalived.service
      else
        systemctl disable --quiet --now keepalived.service
      fi
      ;;
    /etc/systemd/journald.conf.d/*) systemctl restart systemd-journald.service ;;
    /etc/systemd/timesyncd.conf.d/*)
      systemctl restart systemd-timesyncd.service ||
        printf 'systemd-timesyncd is missing: nothing uses this file to set the clock\n'
      ;;
  esac
done

# A node with swap keeps a pod crawling that should be restarted.
if [ "$(sed 1d /proc/swaps | wc -l)" -gt 0 ]; then
  swapoff -a
  sed -i -E '/^[^#].*[[:space:]]swap[[:space:]]/s/^/#/' /etc/fstab
  printf 'swap is off\n'
fi

# shellcheck disable=SC2086 # paths without spaces
applied files $paths
