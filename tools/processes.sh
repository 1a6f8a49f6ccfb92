# shellcheck shell=bash
# Finding and ending what a killed run has left running. A run opens a file for itself and for all that it
# starts; whoever has that file open later belongs to it.

# When a process started, in clock ticks since boot; nothing for one that is gone.
start_time() {
  local stat fields
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
  read -ra fields <<<"${stat##*) }"
  printf '%s' "${fields[19]}"
}

# Whether a process still does something: a zombie, which nobody has waited for, does not.
is_running() { kill -0 "$1" 2>/dev/null && ! grep -q '^State:.*Z' "/proc/$1/status" 2>/dev/null; }

parent_of() { sed -n 's/^PPid:[[:space:]]*//p' "/proc/$1/status" 2>/dev/null; }

# program_of PID: the name of its executable; nothing for one that is gone.
program_of() {
  local path
  path=$(readlink "/proc/$1/exe") || return 0
  path=${path##*/}
  printf '%s' "${path% (deleted)}"
}

# holders FILE: the processes that have it open. Other users' are seen by root alone.
holders() {
  local path
  path=$(realpath -- "$1")
  # Processes come and go while find looks at them, which it reports.
  { find /proc/[0-9]*/fd -maxdepth 1 -type l -printf '%h %l\n' 2>/dev/null || true; } |
    HELD=$path awk 'substr($0, index($0, " ") + 1) == ENVIRON["HELD"] { split($1, part, "/"); print part[3] }' | sort -un
}

# end_processes PID...: asks them to end, and after ten seconds makes them.
end_processes() {
  local tries pid left=("$@")
  kill -TERM "${left[@]}" 2>/dev/null || true # some have ended by themselves
  for ((tries = 0; tries < 100; tries++)); do
    left=()
    for pid in "$@"; do ! is_running "$pid" || left+=("$pid"); done
    ((${#left[@]})) || return 0
    sleep 0.1
  done
  kill -KILL "${left[@]}" 2>/dev/null || true
}
