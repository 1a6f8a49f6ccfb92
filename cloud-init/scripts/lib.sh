set -eu

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# Atomically replaces file $1 with standard input, with mode $2.
install_file() {
  mkdir -p "$(dirname "$1")"
  (umask 077 && cat >"$1.nordfaas-new")
  chmod "$2" "$1.nordfaas-new"
  mv -f "$1.nordfaas-new" "$1"
}

# Whether systemd runs on this machine; a container or the lab may have none.
has_systemd() {
  [ -d /run/systemd/system ]
}

# Splits a bundle on standard input into files below $1. Each file begins with "==> /its/path".
# Prints the paths.
unbundle() {
  awk -v root="$1" '
    /^==> \// {
      if (file) close(file)
      path = substr($0, 5)
      directory = path
      sub("/[^/]*$", "", directory)
      system("mkdir -p \"" root directory "\"")
      file = root path
      printf "" >file
      print path
      next
    }
    file { print >file }
  '
}
