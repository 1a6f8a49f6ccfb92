# Prints this host's properties as one JSON object; fails if it is not ready for what the stack
# config requires. Before anything else it waits until the first boot is over.
wait_for_packages first-boot

findings=$(run_checks)
# Those of level $1, as "check: text; fix".
of_level() {
  printf '%s\n' "$findings" | awk -F '\t' -v level="$1" '$1 == level { printf "  %s: %s; %s\n", $2, $3, $4 }'
}

warnings=$(of_level warning)
[ -z "$warnings" ] || printf 'Of host %s:\n%s\n' "$node" "$warnings" >&2
problems=$(of_level problem)
[ -z "$problems" ] || fail "Host $node is not ready, and nothing was changed:
$problems"

printf '{"os":"%s","kernel":"%s","architecture":"%s","vcpu":%s,"memoryBytes":%s,"diskBytes":%s}\n' \
  "$os" "$kernel" "$architecture" "$vcpu" "$memory" "$disk"
