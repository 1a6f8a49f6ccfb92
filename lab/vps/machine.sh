# Switches a VPS on and off. Shared by lab/up and lab/power; after lib.sh.
# shellcheck shell=bash

# make_cgroups NAME: leaves its memory in $memory_bytes.
make_cgroups() {
  local name=$1 mount memory cpus group
  memory=${LAB_MEMORY:-${MEMORY_OF[$1]}}
  memory=$(numfmt --from=iec "${memory%i}" 2>/dev/null) ||
    fail "LAB_MEMORY=${LAB_MEMORY:-${MEMORY_OF[$1]}} is not a size" 'it must be a number with K, M or G' 'LAB_MEMORY=6G'
  memory_bytes=$memory
  cpus=$(awk -v cpus="${LAB_CPUS:-${CPUS_OF[$1]}}" 'BEGIN { printf "%d", cpus * 100000 }')
  ((cpus >= 1000)) ||
    fail "LAB_CPUS=${LAB_CPUS:-${CPUS_OF[$1]}} is not a number of CPUs" 'it must be a number such as 2 or 1.5' 'LAB_CPUS=2'
  if [[ $(stat -fc %T /sys/fs/cgroup) == cgroup2fs ]]; then
    printf '+cpu +cpuset +io +memory +pids' >/sys/fs/cgroup/cgroup.subtree_control
    mkdir -p "/sys/fs/cgroup/$GROUP"
    printf '+cpu +cpuset +io +memory +pids' >"/sys/fs/cgroup/$GROUP/cgroup.subtree_control"
    mkdir -p "/sys/fs/cgroup/$GROUP/$name"
    printf '%s' "$memory" >"/sys/fs/cgroup/$GROUP/$name/memory.max"
    printf '%s 100000' "$cpus" >"/sys/fs/cgroup/$GROUP/$name/cpu.max"
    return
  fi
  while read -r mount; do
    for group in "$GROUP" "$GROUP/$name"; do
      mkdir -p "$mount/$group"
      case ${mount##*/} in
        memory) printf 1 >"$mount/$group/memory.use_hierarchy" 2>/dev/null || true ;;
        cpuset)
          cat "$mount/cpuset.cpus" >"$mount/$group/cpuset.cpus"
          cat "$mount/cpuset.mems" >"$mount/$group/cpuset.mems"
          printf 1 >"$mount/$group/cgroup.clone_children" # new groups inside get the same
          ;;
      esac
    done
    case ${mount##*/} in
      memory) printf '%s' "$memory" >"$mount/$group/memory.limit_in_bytes" ;;
      cpu | cpu,cpuacct) printf '%s' "$cpus" >"$mount/$group/cpu.cfs_quota_us" ;;
    esac
  done < <(cgroup_mounts)
}

# The switch that all VPSes are plugged into; this machine is their way out.
make_bridge() {
  [[ -e /sys/class/net/$LINK ]] || ip link add "$LINK" type bridge
  ip address replace "$GATEWAY" dev "$LINK"
  ip link set "$LINK" up
}

# The machine's end of a VPS's cable.
port_of() {
  local index
  for index in "${!NAMES[@]}"; do
    [[ ${NAMES[index]} != "$1" ]] || printf '%s-%d' "$LINK" $((index + 1))
  done
}

# start_volumes NAME: serves what the VPS will have as the folder of its volumes, at $STATE/vps/NAME/volumes.
start_volumes() {
  local vps=$STATE/vps/$1 durable=$STATE/disk/vps/$1/volumes pid tries
  end_volumes "$1"
  mkdir -p "$vps/volumes" "$durable"
  chmod 0755 "$durable"
  (
    keep_nothing_open
    exec setsid "$BUNDLE/bin/lab-forget" "$durable" "$vps/volumes" >"$vps/forget.log" 2>&1 </dev/null
  ) &
  pid=$!
  note "$pid" "$vps/forget"
  for ((tries = 0; tries < 600; tries++)); do
    if grep -qx ready "$vps/forget.log" 2>/dev/null; then return; fi
    is_running "$pid" || break
    sleep 0.1
  done
  fail "the volumes of $1 cannot be mounted" "$(tail -n 3 "$vps/forget.log")" "look at $vps/forget.log; it needs /dev/fuse"
}

# boot NAME: starts init in its cgroup and namespaces, and connects the network.
boot() {
  local name=$1 disk=$STATE/disk/vps/$1 vps=$STATE/vps/$1 port mac mounts mount pid='' network outer tries volumes='' weight
  weight=100 # systemd's default
  # Three control planes on the cores of one machine starve beside their pods.
  ((${#NAMES[@]} == 1)) || weight=300
  port=$(port_of "$name")
  make_cgroups "$name"
  rm -rf "$disk"/{work,net-core,network,mounted}
  mkdir -p "$vps" "$disk"/{work,net-core}
  chmod 0755 "$disk/work"
  # Values of this machine's network that the VPS's own cannot see.
  cp --no-preserve=all /proc/sys/net/core/* "$disk/net-core" 2>/dev/null || true
  printf '%s' "$port" >"$vps/interface"
  printf '%s' "${ADDRESS_OF[$name]}" >"$vps/address"
  if forgets; then
    start_volumes "$name"
    volumes=$vps/volumes
  fi
  mapfile -t mounts < <(cgroup_mounts)
  (
    # In its cgroup first, so that it can be found if this is killed.
    for mount in "${mounts[@]}"; do printf '%s' "$BASHPID" >"$mount/$GROUP/$name/cgroup.procs"; done
    keep_nothing_open
    exec setsid unshare --mount --pid --uts --ipc --net --cgroup --fork -- \
      "$LAB/vps/boot" "$(realpath "$BUNDLE/rootfs")" "$disk" "$IMAGES" "$(realpath "$BUNDLE/node")" \
      "$memory_bytes" "$weight" "$volumes" >"$vps/boot.log" 2>&1 </dev/null
  ) &
  outer=$!
  for ((tries = 0; tries < 100; tries++)); do
    pid=$(tr -d ' ' <"/proc/$outer/task/$outer/children" 2>/dev/null) || break
    # Any other child is still in this machine's network, or has ended by now.
    network=$(readlink "/proc/$pid/ns/net" 2>/dev/null) || network=''
    if [[ $pid =~ ^[0-9]+$ && -n $network && $network != "$(readlink /proc/self/ns/net)" ]]; then break; fi
    pid=''
    sleep 0.05
  done
  [[ -n $pid ]] || fail "VPS $name does not start" "$(tail -n 3 "$vps/boot.log")" "look at $vps/boot.log"
  note "$pid" "$vps/init"
  ip link delete "$port" 2>/dev/null || true
  # The same each time, so that nobody has to learn it again.
  mac=$(printf '02:00:%02x:%02x:%02x:%02x' ${ADDRESS_OF[$name]//./ })
  ip link add "$port" type veth peer name eth0 address "$mac" netns "$pid" ||
    fail "VPS $name died while booting" "$(tail -n 3 "$vps/boot.log")" 'run lab/up again'
  ip link set "$port" master "$LINK" up
  if [[ -n $volumes ]]; then
    # It has them by then. Here they would only stay when it ends.
    for ((tries = 0; tries < 200; tries++)); do
      [[ ! -e $disk/mounted ]] || break
      sleep 0.05
    done
    umount "$volumes" || fail "the volumes of $name are in use outside it" "see above: $volumes" "lab/down, and again"
  fi
  # A private network is another one on the same cable.
  printf '%s/24\n' "${ADDRESS_OF[$name]}" ${PRIVATE_OF[$name]:+"${PRIVATE_OF[$name]}"} >"$disk/network.new"
  mv "$disk/network.new" "$disk/network"
}

# wait_for_ssh NAME
wait_for_ssh() {
  local name=$1 vps=$STATE/vps/$1 tries
  for ((tries = 0; tries < 300; tries++)); do
    if ssh_to "$name" true 2>"$vps/ssh.log"; then return; fi
    vps_pid "$name" >/dev/null ||
      fail "VPS $name died while booting" "$(tail -n 5 "$vps/boot.log")" "look at $vps/boot.log"
    sleep 0.2
  done
  fail "VPS $name does not accept SSH connections" "$(<"$vps/ssh.log")" "LAB_NODE=$name lab/logs shows what it did"
}

# wait_for_cloud_init NAME
wait_for_cloud_init() {
  local name=$1 log=$STATE/vps/$1/cloud-init.log
  # Status 2 is "done, with warnings".
  LAB_NODE=$name timeout 120 "$LAB/shell" cloud-init status --wait >"$log" 2>&1 || [[ $? -eq 2 ]] ||
    fail "cloud-init failed on $name" "$(tail -n 3 "$log")" \
      "LAB_NODE=$name lab/shell less /var/log/cloud-init.log"
}
