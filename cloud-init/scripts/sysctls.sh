# Installs the sysctl file from standard input, sets its values and reads them back.
sysctl_file=/etc/sysctl.d/99-serverless-tuning.conf
before=$(mktemp)
trap 'rm -f "$before"' EXIT
[ ! -e "$sysctl_file" ] || cat "$sysctl_file" >"$before"
install_file "$sysctl_file" 0644

verified=0
missing=
problems=
while IFS='=' read -r name value; do
  name=$(normalise "$name")
  case $name in "" | \#*) continue ;; esac
  value=$(normalise "$value")
  if ! sysctl -n "$name" >/dev/null 2>&1; then
    missing="$missing $name"
    continue
  fi
  error=$(sysctl -q -w "$name=$value" 2>&1) || true
  found=$(normalise "$(sysctl -n "$name")")
  if [ "$found" = "$value" ]; then
    verified=$((verified + 1))
  else
    problems="$problems
  $name: wanted $value, found $found${error:+ ($(normalise "$error"))}"
  fi
done <"$sysctl_file"

[ -z "$missing" ] || printf 'this kernel does not have:%s\n' "$missing"
# All or nothing: what is not in effect now would be after the next boot.
put_back() {
  if [ -s "$before" ]; then
    install_file "$sysctl_file" 0644 <"$before"
    sysctl -q -e -p "$sysctl_file" >/dev/null 2>&1 || true
  else
    rm -f "$sysctl_file"
  fi
}

if [ -n "$problems" ]; then
  put_back
  fail "Sysctls of $(uname -n) that did not take effect; the old ones are back:$problems"
fi
applied sysctls "$sysctl_file"
printf '%s values in effect\n' "$verified"
