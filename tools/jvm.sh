# shellcheck shell=bash
# How the program is started: options of its JVM, and what is kept of a jar so that the next run is faster.

# Class-data sharing: the first preview of a jar archives the classes that it loaded, later runs start from the archive.
readonly CLASSES=.nordfaas/classes.jsa

# Which plug-ins the jar needs, after a line that says which jar.
readonly PACKAGES=.nordfaas/packages.json

# The program runs for seconds and then waits for the engine: the first compiler tier and one thread for the garbage are
# enough, and a heap that does not grow with the machine. With the JVM's own pool of a machine with two cores,
# CompletableFuture starts a thread for each of the SDK's thousands of steps. tools/jvm/out-of-memory is on the PATH.
readonly JVM='-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx1g -XX:+ExitOnOutOfMemoryError -XX:OnOutOfMemoryError=out-of-memory -Djava.util.concurrent.ForkJoinPool.common.parallelism=4 -Xshare:auto -Xlog:disable'

# program_options: with the archive if there is one. If there is none, and NORDFAAS_NEW_CLASSES names a file, it is made there.
program_options() {
  if [[ $CLASSES -nt target/nordfaas.jar ]]; then
    printf '%s -XX:SharedArchiveFile=%s\n' "$JVM" "$CLASSES"
  elif [[ -n ${NORDFAAS_NEW_CLASSES:-} ]]; then
    printf '%s -XX:ArchiveClassesAtExit=%s\n' "$JVM" "$NORDFAAS_NEW_CLASSES"
  else
    printf '%s\n' "$JVM"
  fi
}

# packages_of JAR COMMAND...: what COMMAND says of JAR; it is run once for a jar.
packages_of() {
  local jar answer kept=''
  jar=$(stat -Lc '%n %s %.9Y' -- "$1") || jar=
  shift
  if [[ -n $jar && -r $PACKAGES ]] && read -r kept <"$PACKAGES" && [[ $kept == "$jar" ]]; then
    sed 1d "$PACKAGES"
    return
  fi
  answer=$("$@") || return
  printf '%s\n' "$answer"
  if [[ -n $jar && -n $answer ]] && mkdir -p "${PACKAGES%/*}" 2>/dev/null; then
    { printf '%s\n%s\n' "$jar" "$answer" >"$PACKAGES.$$" && mv "$PACKAGES.$$" "$PACKAGES"; } 2>/dev/null || true
  fi
}

# next_of FILE: the program of FILE's name that comes after it on the PATH.
next_of() {
  local found
  while read -r found; do
    if ! [[ $found -ef $1 ]]; then
      printf '%s' "$found"
      return
    fi
  done < <(type -aP "${1##*/}")
  printf '%s: error: there is no other %s on the PATH; fix: install it\n' "${1##*/}" "${1##*/}" >&2
  return 127
}

# without_version FILE ARGUMENT...: what stands for a program of FILE's name while tools/stack runs the language host. That
# asks for versions at the start of each run, for the CLI's own records, and waits up to a third of a second for a JVM to
# say each; the program is a jar by then. Without an answer it goes on. Whatever else is asked goes to the next one on the
# PATH.
without_version() {
  local next file=$1
  shift
  [[ $* != --version ]] || exit 1
  next=$(next_of "$file")
  exec "$next" "$@"
}
