# What a VPS has when it is delivered: keys, and a fresh disk with images and a seed. Shared by lab/up
# and lab/power; after lib.sh.
# shellcheck shell=bash

# Those that are missing.
make_keys() {
  mkdir -p "$STATE/ssh/hosts"
  local name
  [[ -s $STATE/ssh/id_ed25519.pub ]] || make_key "$STATE/ssh/id_ed25519"
  for name in "${NAMES[@]}"; do
    [[ -s $STATE/ssh/hosts/$name.pub ]] || make_key "$STATE/ssh/hosts/$name"
    printf '%s %s\n' "${ADDRESS_OF[$name]}" "$(<"$STATE/ssh/hosts/$name.pub")"
  done >"$STATE/ssh/known_hosts"
}

make_key() {
  rm -f "$1"
  ssh-keygen -q -t ed25519 -N '' -C nordfaas-lab -f "$1"
}

# make_disk NAME: one that is there is kept.
make_disk() {
  local disk=$STATE/disk/vps/$1
  mkdir -p "$disk"/{upper,root,var/lib/rancher,var/lib/kubelet}
  chmod 0755 "$disk"/{upper,root}
  put_image_store "$1"
  put_seed "$1"
  put_files "$1"
}

# replace_disk NAME: another machine comes under its name and address. It has a host key of its own, as
# a machine makes it at its first boot.
replace_disk() {
  remove_vps "$1"
  make_keys
  make_disk "$1"
}

# remove_vps NAME: its disk and its host key
remove_vps() {
  local disk=$STATE/disk/vps/$1
  rm -rf "$disk.gone"
  [[ ! -e $disk ]] || mv -T "$disk" "$disk.gone"
  rm -rf "$disk.gone" "$STATE/ssh/hosts/$1" "$STATE/ssh/hosts/$1.pub"
}

# Gives a fresh disk the images as containerd keeps them: what does not change as hard links, what does as
# copies. The installer imports only what is not among them.
put_image_store() {
  local rancher=$STATE/disk/vps/$1/var/lib/rancher/k3s store file
  store=$(realpath "$IMAGE_STORE")
  [[ ! -e $STATE/disk/k3s && ! -e $rancher/agent/containerd ]] || return 0
  mkdir -p "$rancher"/{agent,lab}
  cp -a --link "$store" "$rancher/agent/containerd" 2>/dev/null || {
    rm -rf "$rancher/agent/containerd"
    cp -a "$store" "$rancher/agent/containerd"
  }
  find "$store" -name '*.db' -printf '%P\0' | while IFS= read -r -d '' file; do
    cp --remove-destination -a "$store/$file" "$rancher/agent/containerd/$file"
  done
  for file in "$BUNDLE"/images/*.tar; do
    printf '%s\0' "$IMAGES/${file##*/}"
  done | xargs -0 stat --printf '%n %s %.9Y\n' | awk -v folder=/var/lib/rancher/k3s/agent/images/ '
    { sub(/^.*\//, "", $1); sub(/\./, "", $3); printf "%s\"%s%s\":\"%s %s\"", NR == 1 ? "{" : ",", folder, $1, $2, $3 }
    END { print "}" }' >"$rancher/lab/imported.json"
}

# The NoCloud seed, where cloud-init looks for it.
put_seed() {
  local name=$1 seed=$STATE/disk/vps/$1/upper/var/lib/cloud/seed/nocloud
  mkdir -p "$seed"
  printf 'instance-id: %s\nlocal-hostname: %s\n' "${name}-$(date +%s)" "$name" >"$seed/meta-data"
  printf 'version: 1\nconfig: disabled\n' >"$seed/network-config"
  if [[ -n ${LAB_USER_DATA:-} ]]; then
    cp -- "$LAB_USER_DATA" "$seed/user-data"
  else
    sed "s|\${authorizedKey}|$(<"$STATE/ssh/id_ed25519.pub")|" "$LAB/vps/user-data" >"$seed/user-data"
  fi
}

# What a provider puts into an image before delivering the machine.
put_files() {
  local name=$1 upper=$STATE/disk/vps/$1/upper
  mkdir -p "$upper/etc/ssh" "$upper/usr/local/bin"
  install -m 0600 "$STATE/ssh/hosts/$name" "$upper/etc/ssh/ssh_host_ed25519_key"
  install -m 0644 "$STATE/ssh/hosts/$name.pub" "$upper/etc/ssh/ssh_host_ed25519_key.pub"
  printf '%s\n' "$name" >"$upper/etc/hostname"
  printf '127.0.0.1 localhost\n::1 localhost\n127.0.1.1 %s\n' "$name" >"$upper/etc/hosts"
  : >"$upper/etc/resolv.conf" # nothing inside reaches the outside
  ln -sfn ../lib/lab/bin/lab-k3s-install "$upper/usr/local/bin/lab-k3s-install"
}
