# Sets time zone, packages and SSH keys to the cloud-config on standard input. For each one
# that differs it runs cloud-init's own module, which adds and never removes; keys that were once
# in the cloud-config and no longer are, are removed here. A second run changes nothing.
record=/var/lib/nordfaas/authorized-keys
config=$(mktemp)
log=$(mktemp)
trap 'rm -f "$config" "$log"' EXIT
{
  cat
  # Otherwise the first boot's user-data would apply: everything would be upgraded.
  printf 'package_update: true\npackage_upgrade: false\npackage_reboot_if_required: false\n'
} >"$config"

differs_timezone() {
  wanted=$(sed -n 's/^timezone: "\(.*\)"$/\1/p' "$config")
  found=$(readlink -f /etc/localtime) || found=
  [ "${found#*/zoneinfo/}" != "$wanted" ]
}

differs_packages() {
  for package in $(sed -n 's/^packages: \[\(.*\)\]$/\1/p' "$config" | tr -d ',"'); do
    # shellcheck disable=SC2016 # dpkg-query's own placeholder
    case $(dpkg-query --show --showformat '${db:Status-Status}' "$package" 2>/dev/null) in
      installed) ;;
      *) return 0 ;;
    esac
  done
  return 1
}

# Type and key of each: the comment after them does not matter.
wanted_keys() {
  sed -n 's/^ *- "\([a-z][a-z0-9@.-]* [A-Za-z0-9+/=]*\).*"$/\1/p' "$config"
}

# Prints the file; nothing for a user who does not exist yet.
authorized_keys() {
  user=$(sed -n 's/^  - name: "\(.*\)"$/\1/p' "$config")
  home=$(getent passwd "$user" | cut -d : -f 6)
  [ -z "$home" ] || printf '%s\n' "$home/.ssh/authorized_keys"
}

differs_keys() {
  file=$(authorized_keys)
  [ -n "$file" ] || return 0
  wanted_keys | while read -r key; do
    grep -qsF "$key" "$file" || printf 'missing\n'
  done | grep -q .
}

# Those of an earlier cloud-config that are not in this one. Keys put on the host by others, such as
# the VPS provider, are not recorded, and stay.
former_keys() {
  [ ! -e "$record" ] || grep -vxF "$(wanted_keys)" "$record" || true
}

remove_former_keys() {
  former=$(former_keys)
  if [ -n "$former" ]; then
    # sshd exposes it with ExposeAuthInfo, which the first boot has set.
    if grep -qsF "$former" "${SSH_USER_AUTH:-/dev/null}"; then
      fail "keys: this connection was made with a key that host.authorizedKeys no longer has, and" \
        "nobody is to lock themselves out; no key was taken away. Connect with another key" \
        "(ssh.privateKey or the SSH agent), or put this one back into host.authorizedKeys"
    fi
    file=$(authorized_keys)
    if grep -qsF "$former" "$file"; then
      cp -p "$file" "$file.nordfaas-new"
      grep -vF "$former" "$file" >"$file.nordfaas-new" || true
      mv -f "$file.nordfaas-new" "$file"
      printf 'removed keys\n'
    fi
  fi
  wanted_keys | sort | cmp -s - "$record" || wanted_keys | sort | install_file "$record" 600
}

# An unattended upgrade may start at any time, and cloud-init waits 30 s for it: the wait before
# may have been too early.
run_module() {
  [ "$1" != packages ] || wait_for_packages packages
  ! apply_module "$2" || return 0
  [ "$1" = packages ] && [ -n "$(package_lock_holder)" ] || return 1
  wait_for_packages packages
  apply_module "$2"
}

apply_module() {
  cloud-init --force --file "$config" single --name "$1" --frequency always >"$log" 2>&1
}

# converge NAME MODULE: runs the module if needed, and checks the result.
converge() {
  if "differs_$1"; then
    command -v cloud-init >/dev/null ||
      fail "$1: not what the stack config says, and cloud-init, which changes it, is missing on" \
        "this host; install the package cloud-init"
    run_module "$1" "$2" || fail "$1: cloud-init could not change it: $(tail -n 5 "$log")"
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
remove_former_keys
