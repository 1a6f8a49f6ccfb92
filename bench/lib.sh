# shellcheck shell=bash
# What the benchmarks in Java share; to be sourced.

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
readonly root work
JVM=() # options of the JVM
trap 'rm -rf "$work"' EXIT

# numbers ARGUMENT...: --help is answered, and what is no number above 0 refused.
numbers() {
  local argument
  for argument; do
    case $argument in
      -h | --help) usage && exit ;;
      *[!0-9]* | '' | 0) usage >&2 && exit 2 ;;
    esac
  done
}

# java_program FOLDER CLASS [ARGUMENT...]: a class of the tests in a Maven project.
java_program() {
  (
    cd "$root/$1"
    mvn -B -q test-compile dependency:build-classpath -DincludeScope=test -Dmdep.outputFile="$work/path" >&2
    java "${JVM[@]}" -cp "target/test-classes:target/classes:$(<"$work/path")" "${@:2}"
  )
}

# figures NAME TITLE COMMAND: prints the table of the figures on standard input, one JSON object to a line;
# with KEEP=true it is kept in bench/results/NAME.json.
figures() { python3 "$root/bench/figures.py" "$1" "$2" "$KEEP" "$3"; }
