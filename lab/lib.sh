# Shared by the lab's commands: paths, messages, the lock, and the tear-down.
# shellcheck shell=bash disable=SC2034

LAB=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
readonly LAB
# shellcheck source=../tools/processes.sh
source "$LAB/../tools/processes.sh"
# shellcheck source=../tools/nodes.sh
source "$LAB/../tools/nodes.sh"
readonly CACHE=${NORDFAAS_CACHE:-${HOME:-/root}/.cache/nordfaas}/lab
readonly STATE=${LAB_STATE:-/var/lib/nordfaas-lab}
readonly LINK=nflab0          # the bridge that joins the VPSes, one port each: nflab0-1, nflab0-2, …
readonly GATEWAY=10.77.0.1/24 # this machine's address on it
readonly GROUP=nordfaas-lab   # their cgroup, with one in it for each
readonly IMAGES=$STATE/images BUNDLE=$CACHE/bundle IMAGE_STORE=$CACHE/image-store
readonly PULUMI=$STATE/disk/pulumi # the stack's state: deleted with the disks that it describes
# Where lab/store listens, on this machine; what it holds, which is deleted with them too: a new database
# refuses the archive of another one; and the file that it has open while it runs.
readonly S3=${GATEWAY%/*}:9000 S3_DISK=$STATE/disk/store S3_RUN=$STATE/store.run
# The same for lab/issuer, with the API keys and the authority of client certificates.
readonly ISSUER=https://${GATEWAY%/*}:9443 CALLERS=$STATE/disk/callers ISSUER_RUN=$STATE/issuer.run

# The stack: that of the lab that is up, or else the one that is asked for.
if [[ -n ${LAB_STACK:-} ]]; then STACK=$LAB_STACK; elif [[ -s $STATE/stack ]]; then STACK=$(<"$STATE/stack"); else STACK=lab; fi
readonly STACK
readonly CONFIG=${LAB_CONFIG:-$LAB/../Pulumi.$STACK.yaml}

# ------------------------------------------------------------------------------------------- VPSes

# The nodes of the stack config, one a line: name, address, memory, CPUs, private address.
vps_table() { node_values "$CONFIG" address memory vcpu privateAddress; }

NAMES=() # of the VPSes, in the order of the config
declare -A ADDRESS_OF=() PRIVATE_OF=() MEMORY_OF=() CPUS_OF=()
if [[ -r $CONFIG ]]; then
  while read -r name address memory vcpu private; do
    NAMES+=("$name") ADDRESS_OF[$name]=$address PRIVATE_OF[$name]=$private MEMORY_OF[$name]=$memory CPUS_OF[$name]=$vcpu
  done < <(vps_table)
  unset name address memory vcpu private
fi
readonly NAMES ADDRESS_OF PRIVATE_OF MEMORY_OF CPUS_OF

# note PID FILE: for noted
note() {
  printf '%s %s\n' "$1" "$(start_time "$1")" >"$2.new"
  mv "$2.new" "$2"
}

# noted FILE: the process in it, if it runs. A process id alone could belong to another process by now.
noted() {
  local pid started
  [[ -s $1 ]] || return 1
  read -r pid started <"$1"
  [[ -n $started && $(start_time "$pid") == "$started" ]] || return 1
  printf '%s' "$pid"
}

# vps_pid [NAME]: its init, if it runs.
vps_pid() { noted "$STATE/vps/${1:-$NAME}/init"; }

# volumes_pid NAME: what serves its volumes, if they forget (lab/forget).
volumes_pid() { noted "$STATE/vps/$1/forget"; }

# The VPS that is meant where none is named: the first one that runs, or else the first.
first_running() {
  local name
  for name in "${NAMES[@]}"; do
    if vps_pid "$name" >/dev/null; then printf '%s' "$name" && return; fi
  done
  printf '%s' "${NAMES[0]:-}"
}

NAME=${LAB_NODE:-$(first_running)}
readonly NAME
readonly ADDRESS=${ADDRESS_OF[${NAME:-none}]:-}

# ---------------------------------------------------------------------------------------- messages

say() { printf 'lab: %s\n' "$*" >&2; }

# fail WHAT WHY FIX
fail() {
  printf 'lab: error: %s\n  why:  %s\n  fix:  %s\n' "$1" "$2" "$3" >&2
  exit 1
}

need_root() {
  [[ $EUID -eq 0 ]] ||
    fail "${0##*/} must run as root" 'it creates namespaces, cgroups and a network interface' \
      "sudo ${0##*/}, or run it as root on a disposable machine"
}

# Kubelet counts only space available to unprivileged users as free, and rounds up (source:
# pkg/kubelet/images/image_gc_manager.go). Its images and volumes are both on the disk of $STATE:
# /var/lib/rancher and /var/lib/kubelet of the VPS are folders there.
disk_percent() {
  local folder=$STATE size available
  while [[ ! -d $folder ]]; do folder=$(dirname -- "$folder"); done
  read -r size available < <(df --output=size,avail -k -- "$folder" | sed 1d)
  printf '%d' $((100 - available * 100 / size))
}

# From 85 % on, K3s' kubelet deletes images down to 80 %; from 95 % on, any kubelet refuses pods and
# evicts running ones.
enough_disk() {
  local used fix='lab/build --prune; go clean -cache -modcache, which frees 15 GB but makes the next build slow; or LAB_STATE on a larger disk'
  used=$(disk_percent)
  ((used < 85)) ||
    fail "the disk of $STATE is $used % full, as kubelet counts" \
      'from 85 % on kubelet deletes images, which the VPS cannot pull again, and later refuses pods' "$fix"
  ((used < 80)) ||
    say "warning: the disk of $STATE is $used % full, as kubelet counts; from 85 % on the lab does not start. To free up space: $fix"
}

# Whether this machine can run the lab; lab/build installs missing programs.
can_run() {
  local mount
  need_root
  [[ $(uname -sm) == 'Linux x86_64' ]] ||
    fail "no lab on $(uname -sm)" 'it is built for Linux on x86-64' 'use such a machine'
  unshare --mount --pid --uts --ipc --net --cgroup --fork true 2>/dev/null ||
    fail 'namespaces cannot be created here' 'this root may not unshare: an unprivileged container?' \
      'use a machine or a privileged container'
  while read -r mount; do
    mkdir -p "$mount/$GROUP-check" 2>/dev/null ||
      fail 'cgroups cannot be created here' "$mount is not writable" 'use a machine or a privileged container'
    rmdir "$mount/$GROUP-check"
  done < <(cgroup_mounts)
  enough_disk
}

now() { printf '%s' "${EPOCHREALTIME/[.,]/}"; } # microseconds

seconds() { printf '%d.%d' $(($1 / 1000000)) $(($1 / 100000 % 10)); }

# phase TEXT: prints how long the previous phase took, and starts this one. An empty text ends it.
phase() {
  local at
  at=$(now)
  [[ -z ${phase_text:-} ]] || say "$(printf '%6s s  %s' "$(seconds $((at - phase_start)))" "$phase_text")"
  : "${begun:=$at}"
  phase_text=$1 phase_start=$at
}

total() { say "$(printf '%6s s  %s' "$(seconds $(($(now) - begun)))" "$1")"; }

# -------------------------------------------------------------------------------------------- lock

# Only one command at a time changes the lab. The lock is released with the process, however it
# ends.
lock() {
  mkdir -p "$STATE"
  chmod 0700 "$STATE"
  exec {lock_fd}>"$STATE/lock"
  flock --wait 300 "$lock_fd" ||
    fail 'another lab command is running' "it has held $STATE/lock for 5 minutes" \
      "wait for it; 'fuser $STATE/lock' names its process"
}

# hold FILE WHAT: this process, called WHAT, holds FILE until it and everything it starts have
# ended. Waits for another process that holds it. If that one is gone, ends what it started.
hold() {
  local file=$1 what=$2 turn held pid started told='' left
  exec {turn}>"$file.turn" # one at a time takes it and records its owner
  flock "$turn"
  while :; do
    exec {held}>>"$file"
    ! flock --nonblock "$held" || break
    exec {held}>&-
    pid='' started=''
    read -r pid started <"$file" || true
    if [[ -n $started && $(start_time "$pid") == "$started" ]] && is_running "$pid"; then
      [[ -n $told ]] || say "another $what is running, process $pid: waiting for it"
      told=yes
      sleep 0.5
      continue
    fi
    mapfile -t left < <(holders "$file")
    if ((${#left[@]} == 0)); then # just gone
      sleep 0.1
      continue
    fi
    say "ending processes left over from a killed $what: ${left[*]}"
    end_processes "${left[@]}"
  done
  printf '%s %s\n' "$$" "$(start_time "$$")" >"$file"
  exec {turn}>&-
}

# Ends the runs that hold FILE.
end_holders() {
  local left
  [[ -e $1 ]] || return 0
  mapfile -t left < <(holders "$1")
  ((${#left[@]} == 0)) || end_processes "${left[@]}"
}

# For a subshell whose process stays: it keeps nothing open, neither our lock nor the callers', which would
# take it for what a killed one left.
keep_nothing_open() {
  local fd
  for fd in "/proc/$BASHPID/fd"/*; do
    fd=${fd##*/}
    ((fd <= 2)) || exec {fd}>&-
  done
}

# ------------------------------------------------------------------------------------------- state

# Whether the stack config has backups in the lab's store.
has_store() { grep -qE "^ *endpoint: *\"?$S3\"?( |\$)" "$CONFIG"; }

# Whether it has lab/issuer's tokens.
has_issuer() { grep -qE "^ *discovery: *\"?$ISSUER/" "$CONFIG"; }

# ask_issuer CLIENT PATH CURL...: what lab/issuer answers that client.
ask_issuer() {
  local secret=''
  [[ ! -r $CALLERS/clients.json ]] ||
    secret=$(sed -n "s/^.*\"id\": \"$1\", \"secret\": \"\([^\"]*\)\".*$/\1/p" "$CALLERS/clients.json")
  [[ -n $secret ]] || fail "lab/issuer has no client $1" "it is not in $CALLERS/clients.json" 'lab/token --help names those that there are'
  # From standard input: anybody may see the arguments of a program.
  curl --silent --show-error --fail-with-body --max-time 10 --cacert "$CALLERS/tls/ca.crt" --config - "${@:3}" "$ISSUER$2" \
    <<<"user = \"$1:$secret\""
}

# need_vps NAME
need_vps() {
  [[ -n ${ADDRESS_OF[$1]:-} ]] ||
    fail "there is no VPS $1" "stack $STACK has ${NAMES[*]}" 'give one of those'
}

# in_vps COMMAND...: in $LAB_NODE, or the first one that runs
in_vps() {
  local pid
  [[ -z ${LAB_NODE:-} ]] || need_vps "$LAB_NODE"
  pid=$(vps_pid) || fail "VPS $NAME is not up" 'it is not running' 'lab/up, or lab/power on for one that was switched off'
  nsenter --target "$pid" --all --wdns=/ -- "$@"
}

# over_ssh COMMAND...: as `pulumi up` connects, to $LAB_NODE or the first one that runs
over_ssh() { ssh_to "$NAME" "$@"; }

# ssh_to NAME COMMAND...
ssh_to() {
  local address=${ADDRESS_OF[$1]}
  shift
  ssh -i "$STATE/ssh/id_ed25519" -o UserKnownHostsFile="$STATE/ssh/known_hosts" \
    -o StrictHostKeyChecking=yes -o IdentitiesOnly=yes -o BatchMode=yes -o ConnectTimeout=2 \
    -o LogLevel=ERROR "nordfaas@$address" "$@"
}

# location_in HEADERS: the path to which an answer refers. Only a path: after the host's name anything
# else could name another host.
location_in() {
  local location
  location=$(sed -n 's/\r$//; s/^location: *//Ip' <<<"$1")
  [[ $location =~ ^/[A-Za-z0-9][A-Za-z0-9._/-]*$ ]] || return
  printf '%s' "$location"
}

# The host name of the edge in this lab's stack config.
edge_domain() { "$LAB/stack" config | awk '$1 == "domain:" && !found++ { print $2 }'; }

# Where the edge of this lab is: at its virtual address, or the VPS's.
edge_address() {
  local virtual
  virtual=$("$LAB/stack" config | awk '/^  nordfaas:/ { inside = ($1 == "nordfaas:edge:") } inside && /virtualAddress:/' |
    grep -oE '[0-9]+([.][0-9]+){3}' || true)
  printf '%s' "${virtual:-$ADDRESS}"
}

# ----------------------------------------------------------------------------------------- cgroups

# The mount points of all cgroup hierarchies. Also of version 2's where version 1 has the controllers:
# systemd mounts it in a VPS too and moves each unit there, in the same tree as the systemds of the
# other VPSes if it has no group of its own.
cgroup_mounts() {
  if [[ $(stat -fc %T /sys/fs/cgroup) == cgroup2fs ]]; then
    printf '%s\n' /sys/fs/cgroup
  else
    findmnt --raw --noheadings --output TARGET --types cgroup,cgroup2
  fi
}

cgroup_processes() {
  local mount
  cgroup_mounts | while read -r mount; do
    [[ ! -d $mount/$GROUP ]] ||
      find "$mount/$GROUP" -name cgroup.procs -exec cat {} + 2>/dev/null || true
  done | sort -un
}

# ---------------------------------------------------------------------------------------- volumes
# With LAB_FORGET=1 the folder of a VPS's volumes is a file system that forgets in a power cut what was not synced:
# lab/forget, which runs outside the VPS, as its disk does.

# Says whether the disks are such.
forgets() { [[ -e $STATE/disk/forget ]]; }

# end_volumes NAME: writes what was not synced, and ends it.
end_volumes() {
  local pid tries
  umount --lazy --no-canonicalize "$STATE/vps/$1/volumes" 2>/dev/null || true # of a boot that was killed
  pid=$(volumes_pid "$1") || return 0
  kill -TERM "$pid" 2>/dev/null || true
  for ((tries = 0; tries < 600; tries++)); do
    is_running "$pid" || return 0
    sleep 0.1
  done
  fail "the volumes of $1 are not written" "process $pid does not end: $(tail -n 3 "$STATE/vps/$1/forget.log")" \
    "kill -KILL $pid: what was not synced is lost"
}

# ---------------------------------------------------------------------------------------- tear-down

# freezer NAME STATE: the files that freeze a cgroup, and what they take.
freezer() {
  local name=$1 state=$2 file
  if [[ $(stat -fc %T /sys/fs/cgroup) == cgroup2fs ]]; then
    file=/sys/fs/cgroup/$GROUP/$name/cgroup.freeze
    [[ $state == THAWED ]] && state=0 || state=1
  else
    file=$(cgroup_mounts | grep '/freezer$')/$GROUP/$name/freezer.state
  fi
  [[ -e $file ]] || fail "VPS $name cannot be frozen" 'this machine has no freezer for it' 'lab/up first'
  printf '%s' "$state" >"$file"
}

# Takes down whatever exists of the VPSes, including what a killed `up` or `down` left half-done. When
# init ends, so does every process in its pid namespace, and with the last one its mounts and
# network.
tear_down() {
  local pid mount tries left folder port
  for folder in "$PULUMI"/stacks/*/; do end_holders "${folder}run"; done # an `up` of a VPS that is gone
  if [[ -e $STATE/faults ]]; then "$LAB/network" heal && rm -rf "$STATE/faults"; fi
  end_holders "$S3_RUN"
  end_holders "$ISSUER_RUN"
  for folder in "$STATE"/vps/*/; do
    if pid=$(vps_pid "$(basename "$folder")"); then
      (freezer "$(basename "$folder")" THAWED) 2>/dev/null || true # the frozen are not killed
      kill -KILL "$pid" 2>/dev/null || true
    fi
  done
  for ((tries = 0; tries < 100; tries++)); do
    mapfile -t left < <(cgroup_processes)
    ((${#left[@]})) || break
    kill -KILL "${left[@]}" 2>/dev/null || true
    sleep 0.1
  done
  ((${#left[@]} == 0)) ||
    fail "processes of the lab do not end: ${left[*]}" 'they are blocked in the kernel' \
      "look at /proc/${left[0]}/stack, then run lab/down again"
  for folder in "$STATE"/vps/*/; do end_volumes "$(basename "$folder")"; done
  for port in /sys/class/net/"$LINK"*; do ip link delete "${port##*/}" 2>/dev/null || true; done
  while read -r mount; do
    for ((tries = 0; tries < 50; tries++)); do
      [[ -d $mount/$GROUP ]] || break
      find "$mount/$GROUP" -depth -type d -exec rmdir {} + 2>/dev/null || sleep 0.1
    done
  done < <(cgroup_mounts)
  rm -rf --one-file-system "$STATE/vps" "$STATE/stack"
}

# Removes the disks, and the files that refer to them. The rename keeps a half-deleted disk from being
# used.
remove_disk() {
  rm -rf "$STATE/disk.gone"
  [[ ! -e $STATE/disk ]] || mv -T "$STATE/disk" "$STATE/disk.gone"
  rm -rf "$STATE/disk.gone" "$STATE/edge-ca.crt" "$STATE/kubeconfig"
}
