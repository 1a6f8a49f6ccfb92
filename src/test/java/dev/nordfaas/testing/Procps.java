package dev.nordfaas.testing;

/** The programs of procps that the scripts of a node call. */
public final class Procps {
  /**
   * A {@code sysctl} whose kernel is the folder {@code /kernel} of a {@link Node}, a file for each
   * value; where {@code /read-only} is, nothing can be set. Words and exit codes as seen with
   * procps-ng 4.0.2, that of Debian 12.
   */
  public static final String SYSCTL =
      """
      set_value() {
        if [ -e "$ROOT/read-only" ]; then
          echo "sysctl: permission denied on key \\"$1\\"" >&2
          return 1
        fi
        printf '%s\\n' "$2" | tr ' ' '\\t' >"$ROOT/kernel/$1"
      }
      case "$1 $2" in
        "-n "*)
          if [ ! -e "$ROOT/kernel/$2" ]; then
            echo "sysctl: cannot stat /proc/sys/$(echo "$2" | tr . /): No such file or directory" >&2
            exit 1
          fi
          cat "$ROOT/kernel/$2"
          ;;
        "-q -w") set_value "${3%%=*}" "${3#*=}" ;;
        "-q -e")
          status=0
          while read -r name equals value; do
            [ "$equals" != = ] || [ ! -e "$ROOT/kernel/$name" ] || set_value "$name" "$value" || status=1
          done <"$4"
          exit "$status"
          ;;
        *) exit 2 ;;
      esac
      """;

  private Procps() {}
}
