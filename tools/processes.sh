# shellcheck shell=bash
# Finding and ending processes left over from a killed run. A run opens a file for itself and
# everything it starts; any process that has the file open later belongs to it.

# When a process started, in clock ticks since boot; empty if it is gone.
start_time() {
  local stat fields
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
  read -ra fields <<<"${stat##*) }"
  printf '%s' "${fields[19]}"
}

# Whether a process is still running; a zombie that has not been waited for is not.
is_running() { kill -0 "$1" 2>/dev/null && ! grep -q '^State:.*Z' "/proc/$1/status" 2>/dev/null; }

parent_of() { sed -n 's/^PPid:[[:space:]]*//p' "/proc/$1/status" 2>/dev/null; }

# program_of PID: the name of its executable; empty if it is gone.
program_of() {
  local path
  path=$(readlink "/proc/$1/exe") || return 0
  path=${path##*/}
  printf '%s' "${path% (deleted)}"
}

# holders FILE: the processes that have it open. Only root sees those of other users.
holders() {
  local path
  path=$(realpath -- "$1")
  # Processes come and go while find reads them, which it reports as errors.
  { find /proc/[0-9]*/fd -maxdepth 1 -type l -printf '%h %l\n' 2>/dev/null || true; } |
    HELD=$path awk 'substr($0, index($0, " ") + 1) == ENVIRON["HELD"] { split($1, part, "/"); print part[3] }' | sort -un
}

# end_processes PID...: asks them to exit, and kills them after ten seconds.
end_processes() {
  local tries pid left=("$@")
  kill -TERM "${left[@]}" 2>/dev/null || true # some have exited by themselves
  for ((tries = 0; tries < 100; tries++)); do
    left=()
    for pid in "$@"; do ! is_running "$pid" || left+=("$pid"); done
    ((${#left[@]})) || return 0
    sleep 0.1
  done
  kill -KILL "${left[@]}" 2>/dev/null || true
}
