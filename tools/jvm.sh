# shellcheck shell=bash
# How the program is started: options of its JVM, for what it does.

# Class-data sharing: the first preview of a jar archives the classes that it loaded, later runs start from the archive.
readonly CLASSES=.nordfaas/classes.jsa

# The program runs for seconds and then waits for the engine: the first compiler tier and one thread for the garbage are
# enough, and a heap that does not grow with the machine.
readonly JVM='-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx1g -Xshare:auto -Xlog:disable'

has_classes() { [[ $CLASSES -nt target/nordfaas.jar ]]; }

# preview_options: makes the archive if there is none.
preview_options() {
  if has_classes; then
    printf '%s -XX:SharedArchiveFile=%s\n' "$JVM" "$CLASSES"
  else
    printf '%s -XX:ArchiveClassesAtExit=%s.new\n' "$JVM" "$CLASSES"
  fi
}

# up_options: uses the archive if there is one.
up_options() {
  if has_classes; then
    printf '%s -XX:SharedArchiveFile=%s\n' "$JVM" "$CLASSES"
  else
    printf '%s\n' "$JVM"
  fi
}
