# Prints what this host is as one JSON object; fails where it is less than the stack config says.
# Standard input: the config's numbers, "name number" a line.
os=unknown
os_name="an unknown system"
if [ -r /etc/os-release ]; then
  # shellcheck source=/dev/null
  os=$(. /etc/os-release && printf '%s %s' "${ID:-unknown}" "${VERSION_ID:-}")
  # shellcheck source=/dev/null
  os_name=$(. /etc/os-release && printf '%s' "${PRETTY_NAME:-unknown}")
fi
vcpu=$(getconf _NPROCESSORS_ONLN)
memory=$(awk '/^MemTotal:/ { printf "%.0f", $2 * 1024 }' /proc/meminfo)
disk=$(df -P -k / /var/lib/rancher 2>/dev/null |
  awk 'NR > 1 && $1 != "overlay" && !seen[$1]++ { sum += $2 } END { printf "%.0f", sum * 1024 }')

problems=
case $os in
  "ubuntu 24.04" | "debian 12") ;;
  *) problems="
  operating system: wanted Ubuntu 24.04 or Debian 12, found $os_name" ;;
esac
while read -r name wanted; do
  case $name in
    vcpu) found=$vcpu share=1 ;;
    # The kernel and the file system keep some of what the provider sells.
    memoryBytes) found=$memory share=0.85 ;;
    diskBytes) found=$disk share=0.85 ;;
    *) continue ;;
  esac
  if ! awk "BEGIN { exit !($found >= $wanted * $share) }"; then
    problems="$problems
  $name: wanted $wanted, found $found"
  fi
done
[ -z "$problems" ] || fail "This host is not what the stack config says:$problems"

printf '{"os":"%s","kernel":"%s","architecture":"%s","vcpu":%s,"memoryBytes":%s,"diskBytes":%s}\n' \
  "$os" "$(uname -r)" "$(uname -m)" "$vcpu" "$memory" "$disk"
