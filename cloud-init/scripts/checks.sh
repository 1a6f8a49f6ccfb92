# The checks of a host before it is touched, for `pulumi up` and for `make doctor`.
# Nothing here changes the host. The config's expectations come on standard input, one "name value"
# per line. Each finding is one line: level, check, text and fix, separated by tabs.
config=$(cat)
# A non-root user's PATH may lack these, although the programs are there.
PATH=$PATH:/usr/sbin:/sbin

# The values of $1, one per line.
wanted() {
  printf '%s\n' "$config" | sed -n "s/^$1 //p"
}

finding() {
  printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "${4:-}"
}

# Words, separated by commas.
listed() {
  printf '%s' "$1" | tr '\n' ' ' | sed -e 's/^ *//' -e 's/ *$//' -e 's/  */, /g'
}

node=$(wanted node)
os=unknown
os_name="an unknown system"
if [ -r /etc/os-release ]; then
  # shellcheck source=/dev/null
  os=$(. /etc/os-release && printf '%s %s' "${ID:-unknown}" "${VERSION_ID:-}")
  # shellcheck source=/dev/null
  os_name=$(. /etc/os-release && printf '%s' "${PRETTY_NAME:-unknown}")
fi
kernel=$(uname -r)
architecture=$(uname -m)
vcpu=$(getconf _NPROCESSORS_ONLN)
memory=$(awk '/^MemTotal:/ { printf "%.0f", $2 * 1024 }' /proc/meminfo)
disk=$(df -P -k / /var/lib/rancher 2>/dev/null |
  awk 'NR > 1 && $1 != "overlay" && !seen[$1]++ { sum += $2 } END { printf "%.0f", sum * 1024 }')

# Whether this host has this project's K3s: then its ports are taken, and its files exist.
is_ours() {
  [ -d /var/lib/nordfaas/k3s ] ||
    grep -qs '^# Written by nordfaas-k3s-install' \
      /etc/systemd/system/k3s.service /etc/systemd/system/k3s-agent.service
}

check_os() {
  case $os in
    "ubuntu 24.04" | "debian 12") finding ok os "$os_name" ;;
    *)
      finding problem os "wanted Ubuntu 24.04 or Debian 12, found $os_name" \
        "install one of the two"
      ;;
  esac
}

check_kernel() {
  case $architecture in
    x86_64) name=amd64 ;;
    aarch64) name=arm64 ;;
    *) name=$architecture ;;
  esac
  if ! wanted architecture | grep -qx "$name"; then
    finding problem kernel "wanted $(wanted architecture | paste -sd, - | sed 's/,/ or /g'), found $name" \
      "order a VPS with such a CPU, or set k3s.sha256.$name and k3s.airGap to the files for $name"
  # Kubernetes' documentation of cgroup v2 requires 5.8; both systems have a later one.
  elif ! printf '%s\n' "$kernel" | awk -F '[.-]' '{ exit !($1 > 5 || $1 == 5 && $2 >= 8) }'; then
    finding problem kernel "Linux $kernel is older than 5.8, which Kubernetes needs for cgroup v2" \
      "install the system's own kernel; a container has its provider's: order a virtual machine (KVM)"
  else
    finding ok kernel "Linux $kernel, $name"
  fi
}

check_virtualization() {
  container=$(systemd-detect-virt --container 2>/dev/null) || true
  case $container in
    "" | none)
      machine=$(systemd-detect-virt 2>/dev/null) || true
      case $machine in
        none) finding ok virtualization "none: a physical machine" ;;
        *) finding ok virtualization "${machine:-unknown}" ;;
      esac
      ;;
    openvz)
      finding problem virtualization "an OpenVZ container, which has no kernel of its own" \
        "order a virtual machine (KVM)"
      ;;
    *)
      finding warning virtualization \
        "a container ($container), in which K3s needs more than most providers allow" \
        "order a virtual machine (KVM); what this one lacks is named below"
      ;;
  esac
}

check_cgroups() {
  if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
    version=v2
    controllers=$(cat /sys/fs/cgroup/cgroup.controllers)
  else
    version=v1
    controllers=$(awk '$4 == 1 { print $1 }' /proc/cgroups 2>/dev/null | paste -sd ' ' -)
  fi
  missing=
  for controller in cpu cpuset memory pids; do
    case " $controllers " in *" $controller "*) ;; *) missing="$missing $controller" ;; esac
  done
  if [ -n "$missing" ]; then
    finding problem cgroups "$version without $(listed "$missing")" \
      "remove cgroup_disable from the kernel's command line; in a container, have the provider delegate them"
  elif [ "$version" = v1 ]; then
    finding warning cgroups "v1, which Kubernetes drops with 1.35" \
      "remove systemd.unified_cgroup_hierarchy=0 from the kernel's command line, and reboot"
  else
    finding ok cgroups "v2 with cpu, cpuset, memory, pids"
  fi
}

has_module() {
  grep -qs "^$1 " /proc/modules || [ -d "/sys/module/$1" ] ||
    grep -qsw "$1" /proc/filesystems ||
    grep -qs "/$1\.ko" "/lib/modules/$kernel/modules.builtin" ||
    modprobe --dry-run --quiet "$1" 2>/dev/null
}

check_modules() {
  missing=
  for module in $(wanted module); do
    has_module "$module" || missing="$missing $module"
  done
  if [ -z "$missing" ]; then
    finding ok modules "$(listed "$(wanted module)")"
  elif [ -d "/lib/modules/$kernel" ]; then
    finding problem modules "the kernel has no $(listed "$missing")" \
      "install the system's own kernel (linux-image-amd64 on Debian, linux-image-virtual on Ubuntu), and reboot"
  else
    finding warning modules \
      "cannot tell whether the kernel has $(listed "$missing"): there is no /lib/modules/$kernel" \
      "in a container, have the provider load them; on a machine, install the packages of the running kernel"
  fi
}

check_kernel_settings() {
  [ "$(id -u)" -eq 0 ] || return 0
  fixed=
  for name in kernel/panic net/ipv4/ip_forward vm/overcommit_memory; do
    [ ! -e "/proc/sys/$name" ] || [ -w "/proc/sys/$name" ] || fixed="$fixed /proc/sys/$name"
  done
  if [ -n "$fixed" ]; then
    finding problem sysctls "not even root may change $(listed "$fixed")" \
      "this is a container: order a virtual machine (KVM)"
  fi
  [ -e /dev/kmsg ] ||
    finding problem sysctls "there is no /dev/kmsg, and the kubelet does not start without it" \
      "this is a container: have the provider pass it on, or order a virtual machine (KVM)"
}

# A number of bytes in $2's unit.
in_unit_of() {
  awk -v bytes="$1" -v like="$2" 'BEGIN {
    if (like ~ /i$/) printf "%.1fGi", bytes / 1073741824
    else printf "%.1fG", bytes / 1000000000
  }'
}

# check_size NAME FOUND SHARE: the kernel and the file system take some of what the provider sells.
check_size() {
  size=$(wanted "$1")
  bytes=${size% *}
  text=${size#* }
  if awk "BEGIN { exit !($2 >= $bytes * $3) }"; then
    finding ok "$1" "$(in_unit_of "$2" "$text") of $text"
  else
    finding problem "$1" "wanted $text, found $(in_unit_of "$2" "$text")" \
      "order what nodes.$node.$1 says, or set that to what there is"
  fi
}

check_sizes() {
  if [ "$vcpu" -ge "$(wanted vcpu)" ]; then
    finding ok vcpu "$vcpu"
  else
    finding problem vcpu "wanted $(wanted vcpu), found $vcpu" \
      "order what nodes.$node.vcpu says, or set that to what there is"
  fi
  check_size memory "$memory" 0.85
  check_size disk "$disk" 0.85
}

is_ip_address() {
  case $1 in
    *:*) return 0 ;;
    *[!0-9.]*) return 1 ;;
  esac
}

# K3s has to find the address that the nodes use among those of the interfaces; the public one may
# be translated by the provider.
check_address() {
  here=$(ip -o address show | awk '{ split($4, part, "/"); print part[1] }')
  others=$(printf '%s\n' "$here" | grep -vE '^(127\.|::1$|fe80:)' | paste -sd ' ' -)
  address=$(wanted address)
  node_address=$(wanted nodeAddress)
  if [ -n "$node_address" ] && ! printf '%s\n' "$here" | grep -qxF "$node_address"; then
    if [ "$node_address" = "$address" ]; then
      finding problem address "$address is not an address of this host, which has $(listed "$others"): NAT" \
        "set nodes.$node.privateAddress to the one of these that the other nodes can reach"
    else
      finding problem address "$node_address is not an address of this host, which has $(listed "$others")" \
        "set nodes.$node.privateAddress to the one of these that the other nodes can reach"
    fi
  elif printf '%s\n' "$here" | grep -qxF "$address"; then
    finding ok address "$address is on an interface"
  elif is_ip_address "$address"; then
    finding ok address "$address is translated by the provider (NAT); $node_address is on an interface"
  else
    finding ok address "$address is a name; this host has $(listed "$others")"
  fi
}

check_time() {
  case $(timedatectl show --property=NTPSynchronized --value 2>/dev/null) in
    yes) finding ok time "synchronized" ;;
    no)
      finding warning time "the clock is not synchronized yet" \
        "wait a minute; if that does not help, allow outgoing UDP port 123 to host.ntpServers"
      ;;
    *)
      finding warning time "timedatectl does not report whether the clock is synchronized" \
        "see 'timedatectl' on the host"
      ;;
  esac
}

check_first_boot() {
  case $(cloud_init_status) in
    "")
      finding warning cloud-init "is not installed" \
        "apt-get install cloud-init: 'up' uses it for packages, keys and the time zone"
      ;;
    running)
      finding warning cloud-init "the first boot is still running" \
        "nothing: 'up' waits for it, for 10 minutes at most"
      ;;
    error)
      errors=$(paste -sd ' ' /run/cloud-init/result.json 2>/dev/null |
        sed -n 's/.*"errors": *\[ *\(.*[^ ]\) *\].*/\1/p')
      finding warning cloud-init "the first boot ended with an error: ${errors:-no reason is given}" \
        "see 'cloud-init status --long' and /var/log/cloud-init.log; 'up' goes on without it"
      ;;
    "not run") finding ok cloud-init "has nothing to do on this host" ;;
    *) finding ok cloud-init "$(cloud_init_status)" ;;
  esac
  holder=$(package_lock_holder)
  if [ -n "$holder" ]; then
    finding warning dpkg "$holder holds its lock" \
      "nothing: 'up' waits for it, for 10 minutes at most"
  else
    finding ok dpkg "its lock is free"
  fi
}

check_restart() {
  reason=$(restart_reason)
  if [ -n "$reason" ]; then
    finding warning restart "is due: $reason" "see 'Restart a node' in docs/runbook.md"
  else
    finding ok restart "not due"
  fi
}

# Only root can see the loaded rules; a fresh host has none.
check_firewall() {
  [ "$(id -u)" -eq 0 ] && [ -e /etc/nordfaas/firewall.nft ] || return 0
  if nft list chain inet nordfaas prerouting >/dev/null 2>&1; then
    finding ok firewall "loaded"
  else
    finding warning firewall "not loaded, and K3s does not start without it" \
      "tools/stack up STACK --refresh; 'systemctl status nordfaas-firewall' says what was wrong at boot"
  fi
}

# Listeners, as "protocol port process id", except for pods and K3s itself.
foreign_listeners() {
  ss -H -lntup 2>/dev/null | awk -v ports="$(wanted ports)" '
    BEGIN { count = split(ports, ranges, ",") }
    {
      port = $5
      sub(/.*:/, "", port)
      for (i = 1; i <= count; i++) {
        split(ranges[i], range, "-")
        last = range[2] ? range[2] : range[1]
        if (port + 0 >= range[1] + 0 && port + 0 <= last + 0) {
          name = "-"
          id = "-"
          if (match($0, /\("[^"]*",pid=[0-9]+/)) {
            split(substr($0, RSTART + 2, RLENGTH - 2), process, "\",pid=")
            name = process[1]
            id = process[2]
          }
          print $1, port, name, id
        }
      }
    }' | sort -u -k 2n -k 1 |
    while read -r protocol port name id; do
      is_own_listener "$name" "$id" || printf '%s %s %s %s\n' "$protocol" "$port" "$name" "$id"
    done
}

# A listener without a process belongs to the kernel: flannel's VXLAN or WireGuard.
is_own_listener() {
  is_ours || return 1
  case $1 in
    - | k3s* | containerd* | kube* | etcd* | lab-k3s* | lab-overlay*) return 0 ;;
  esac
  grep -qs kubepods "/proc/$2/cgroup"
}

check_ports() {
  taken=$(foreign_listeners)
  if [ -z "$taken" ]; then
    if is_ours; then
      finding ok ports "used only by this stack"
    else
      finding ok ports "$(wanted ports) are free"
    fi
    return 0
  fi
  printf '%s\n' "$taken" | while read -r protocol port name id; do
    case $name in
      -)
        finding problem ports "$protocol port $port is taken" \
          "find the program with 'ss -lntup', and disable it"
        ;;
      *)
        unit=$(sed -n 's|.*/\([^/]*\.service\)$|\1|p' "/proc/$id/cgroup" 2>/dev/null | sort -u | sed -n 1p)
        fix="disable $name"
        [ -z "$unit" ] || fix="systemctl disable --now $unit"
        finding problem ports "$protocol port $port is taken by $name (process $id)" "$fix"
        ;;
    esac
  done
}

check_software() {
  count=0
  if ! is_ours; then
    if [ -e /usr/local/bin/k3s ] || [ -e /etc/systemd/system/k3s.service ] ||
      [ -e /etc/systemd/system/k3s-agent.service ] || [ -d /var/lib/rancher/k3s/server/db ]; then
      count=$((count + 1))
      finding problem software "K3s is installed, but not by this project" \
        "keep it, and set k3s.existing (docs/adopting.md); or /usr/local/bin/k3s-uninstall.sh or k3s-agent-uninstall.sh, which deletes its data; or a fresh disk"
    fi
    if [ -e /etc/kubernetes/kubelet.conf ] || [ -d /etc/kubernetes/manifests ]; then
      count=$((count + 1))
      finding problem software "a kubeadm Kubernetes is installed" \
        "kubeadm reset, which deletes its data, and remove its packages; or a fresh disk"
    fi
  fi
  if [ -e /usr/local/bin/rke2 ] || [ -d /etc/rancher/rke2 ] || [ -d /var/lib/rancher/rke2 ]; then
    count=$((count + 1))
    finding problem software "RKE2 is installed" \
      "/usr/local/bin/rke2-uninstall.sh, which deletes its data; or a fresh disk"
  fi
  if [ -e /run/docker.sock ]; then
    count=$((count + 1))
    finding problem software "Docker is running, and its firewall rules cut pods off" \
      "apt-get purge docker-ce docker.io containerd.io, and reboot; or a fresh disk"
  fi
  if [ -e /run/containerd/containerd.sock ]; then
    count=$((count + 1))
    finding warning software "a containerd other than K3s' is running, and only costs memory" \
      "systemctl disable --now containerd"
  fi
  [ "$count" -gt 0 ] || finding ok software "no other Kubernetes, Docker or containerd"
}

# Whether URL $2 answers; any answer will do for a registry, which requires a login.
ask() {
  said=$(curl --silent --show-error --head --location --noproxy '*' --connect-timeout 5 \
    --max-time 15 --output /dev/null --write-out '%{http_code}' "$2" 2>&1) || {
    printf 'no %s: %s\n' "$2" "$(printf '%s' "$said" | sed -n 's/^curl: ([0-9]*) //p' | sed -n 1p)"
    return 0
  }
  if [ "$1" = download ] && [ "$said" != 200 ]; then
    printf 'no %s: HTTP status %s\n' "$2" "$said"
  else
    printf 'yes %s\n' "$2"
  fi
}

check_reach() {
  installer=$(wanted installer)
  if [ -n "$installer" ] && [ ! -x "$installer" ]; then
    finding problem reach "there is no $installer, which k3s.installer names" \
      "put it there, or remove k3s.installer from the config"
  fi
  urls=$(wanted registry)$(wanted download)
  if [ -z "$urls" ]; then
    finding ok reach "nothing needed: K3s and images come as files"
    return 0
  fi
  if ! command -v curl >/dev/null; then
    finding warning reach "not checked, as curl is not installed yet" \
      "nothing: 'up' installs it; or apt-get install curl, and check again"
    return 0
  fi
  answers=$({
    for url in $(wanted registry); do ask registry "$url" & done
    for url in $(wanted download); do ask download "$url" & done
    wait
  } | sort)
  # A registry that is down for a while does no harm to a running host.
  level=problem
  ! is_ours || level=warning
  printf '%s\n' "$answers" | while read -r answer text; do
    [ "$answer" != no ] ||
      finding "$level" reach "$text" \
        "allow outgoing TCP port 443; or set a mirror (k3s.registries), or provide files (k3s.airGap)"
  done
  printf '%s\n' "$answers" | grep -q '^no ' ||
    finding ok reach "$(listed "$(printf '%s\n' "$answers" | sed -E 's|^yes https://([^/]*).*|\1|')")"
}

run_checks() {
  check_os
  check_kernel
  check_virtualization
  check_cgroups
  check_modules
  check_kernel_settings
  check_sizes
  check_address
  check_time
  check_first_boot
  check_restart
  check_firewall
  check_ports
  check_software
  check_reach
}
