# While the first boot installs packages, nothing else can; the same goes for unattended upgrades.

# done, running, error, disabled, or another status of cloud-init; empty if there is none.
# "not run" (before cloud-init 24) and "not started" can also mean that it never runs.
cloud_init_status() {
  command -v cloud-init >/dev/null || return 0
  said=$(cloud-init status 2>/dev/null | sed -n 's/^status: //p')
  case $said in
    "not run" | "not started")
      case $(systemctl is-system-running 2>/dev/null) in
        initializing | starting) said=running ;;
        *) said="not run" ;;
      esac
      ;;
  esac
  printf '%s' "$said"
}

# The process that holds a lock of dpkg or apt, as "name (process 812)". The kernel identifies a lock by
# the device and inode number of its file.
package_lock_holder() {
  # The files that cloud-init waits for, too, but only for 30 s.
  for lock in /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/cache/apt/archives/lock \
    /var/lib/apt/lists/lock; do
    [ -e "$lock" ] || continue
    found=$(stat -c '%d %i' "$lock")
    device=${found% *}
    key=$(printf '%02x:%02x:%s' $((device >> 8 & 4095)) $((device & 255 | device >> 12 & 1048320)) \
      "${found#* }")
    pid=$(awk -v key="$key" '$2 == "POSIX" && $6 == key { print $5; exit }' /proc/locks)
    if [ -n "$pid" ]; then
      printf '%s (process %s)' "$(cat "/proc/$pid/comm" 2>/dev/null || printf 'a process')" "$pid"
      return 0
    fi
  done
}

# What keeps us from installing packages, if anything.
package_work() {
  if [ "$1" = first-boot ] && [ "$(cloud_init_status)" = running ]; then
    printf 'cloud-init, which is running the first boot'
    return 0
  fi
  holder=$(package_lock_holder)
  [ -z "$holder" ] || printf "%s, which holds dpkg's lock" "$holder"
}

# Waits until nothing else installs packages; reports that every 30 s, and gives up after 10 minutes.
# Argument: packages; or first-boot, to also wait for everything else that cloud-init does then.
wait_for_packages() {
  waited=0
  while :; do
    work=$(package_work "$1")
    [ -n "$work" ] || return 0
    [ "$waited" -lt 600 ] ||
      fail "waited 600 s for $work. See what it does ('cloud-init status --long', 'ps -ef')," \
        "then run 'pulumi up' again"
    [ $((waited % 30)) -ne 0 ] || printf 'waiting for %s (%s s of at most 600 s)\n' "$work" "$waited" >&2
    sleep 5
    waited=$((waited + 5))
  done
}
