# What was applied to this host is recorded here, so that changes by others can be detected.
state=/var/lib/nordfaas
firewall_table="inet nordfaas"

# A file as it is recorded: its digest, a space, its path.
digest() {
  printf '%s %s\n' "$(sha256sum <"$1" | cut -d ' ' -f 1)" "$1"
}

# Records that the files $2... of kind $1 have been applied, and nothing else of that kind.
applied() {
  kind=$1
  shift
  for path in "$@"; do digest "$path"; done | install_file "$state/$kind.sha256" 0644
}

# Whether file $2 of kind $1 is as it was applied.
is_applied() {
  [ -e "$state/$1.sha256" ] && [ -e "$2" ] && digest "$2" | grep -qxFf - "$state/$1.sha256"
}

# A value with single spaces, as in a sysctl file.
normalise() {
  printf '%s' "$1" | tr -s '[:space:]' ' ' | sed -e 's/^ //' -e 's/ $//'
}

# A digest of the loaded firewall; of the empty text if there is none.
firewall_rules() {
  # shellcheck disable=SC2086 # family and name are two words
  nft --stateless list table $firewall_table 2>/dev/null | sha256sum | cut -d ' ' -f 1
}
