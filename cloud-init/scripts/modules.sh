# Brings time zone, packages and SSH keys to what the cloud-config on standard input says. For each
# that differs it runs cloud-init's own module, which adds and never takes away. A second run
# changes nothing.
config=$(mktemp)
log=$(mktemp)
trap 'rm -f "$config" "$log"' EXIT
{
  cat
  # What is not said here, the first boot's user-data says: everything would be upgraded.
  printf 'package_update: true\npackage_upgrade: false\npackage_reboot_if_required: false\n'
} >"$config"

differs_timezone() {
  wanted=$(sed -n 's/^timezone: "\(.*\)"$/\1/p' "$config")
  found=$(readlink -f /etc/localtime) || found=
  [ "${found#*/zoneinfo/}" != "$wanted" ]
}

differs_packages() {
  for package in $(sed -n 's/^packages: \[\(.*\)\]$/\1/p' "$config" | tr -d ','); do
    # shellcheck disable=SC2016 # dpkg-query's own placeholder
    case $(dpkg-query --show --showformat '${db:Status-Status}' "$package" 2>/dev/null) in
      installed) ;;
      *) return 0 ;;
    esac
  done
  return 1
}

# Type and key of each: the comment behind them is free.
wanted_keys() {
  sed -n 's/^ *- "\([a-z][a-z0-9@.-]* [A-Za-z0-9+/=]*\).*"$/\1/p' "$config"
}

differs_keys() {
  user=$(sed -n 's/^  - name: "\(.*\)"$/\1/p' "$config")
  home=$(getent passwd "$user" | cut -d : -f 6)
  [ -n "$home" ] || return 0
  wanted_keys | while read -r key; do
    grep -qsF "$key" "$home/.ssh/authorized_keys" || printf 'missing\n'
  done | grep -q .
}

# converge NAME MODULE: runs the module where it is needed, and looks whether it has helped.
converge() {
  if "differs_$1"; then
    command -v cloud-init >/dev/null ||
      fail "$1: not what the stack config says, and cloud-init, which changes it, is missing on" \
        "this host; install the package cloud-init"
    cloud-init --force --file "$config" single --name "$2" --frequency always >"$log" 2>&1 ||
      fail "$1: cloud-init could not change it: $(tail -n 5 "$log")"
    if "differs_$1"; then
      fail "$1: cloud-init ran, and still it is not what the stack config says:" \
        "$(tail -n 5 "$log")"
    fi
    printf 'changed %s\n' "$1"
  fi
}

converge timezone timezone
converge packages package_update_upgrade_install
converge keys users_groups
