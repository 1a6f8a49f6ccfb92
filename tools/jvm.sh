# shellcheck shell=bash
# How the program is started: options of its JVM, for what it does. Sourced by tools/stack and bench/preview.

# The first run of a jar archives the classes that it loaded, later ones start from the archive.
readonly CLASSES=.nordfaas/classes.jsa

# java_options: the program runs for seconds and then waits for the engine, so the first compiler tier and one thread
# for the garbage suffice; a stack with 1000 functions needs half of this heap.
java_options() {
  printf -- '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx1g -Xshare:auto -Xlog:disable '
  if [[ $CLASSES -nt target/nordfaas.jar ]]; then
    printf -- '-XX:SharedArchiveFile=%s' "$CLASSES"
  else
    printf -- '-XX:ArchiveClassesAtExit=%s.new' "$CLASSES"
  fi
}
