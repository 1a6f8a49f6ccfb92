#!/bin/sh
# Installs a release of K3s on this machine: binary, links and service. `pulumi up` runs it; by hand:
#
#   sudo INSTALL_K3S_VERSION=v1.34.4+k3s1 nordfaas-k3s-install server
#
# The argument is server or agent. K3s is configured in /etc/rancher/k3s/config.yaml, not here.
#
#   INSTALL_K3S_VERSION        the release
#   INSTALL_K3S_SHA256_AMD64   required SHA-256 of its binary on x86-64; without it the one
#   INSTALL_K3S_SHA256_ARM64     that the release publishes. The same for arm64.
#   INSTALL_K3S_BINARY         a binary to use instead of a download
#   INSTALL_K3S_SKIP_DOWNLOAD  true: the binary is in its place already
#   INSTALL_K3S_SKIP_ENABLE    true: leave the service as it is, neither enabled nor started
#   INSTALL_K3S_SKIP_START     true: do not (re)start the service
set -eu

fail() {
  printf 'nordfaas-k3s-install: %s\n' "$*" >&2
  exit 1
}

for name in $(env | sed -n 's/^\(INSTALL_K3S_[A-Z0-9_]*\)=.*/\1/p'); do
  case $name in
    INSTALL_K3S_VERSION | INSTALL_K3S_SHA256_AMD64 | INSTALL_K3S_SHA256_ARM64 | \
      INSTALL_K3S_BINARY | INSTALL_K3S_SKIP_DOWNLOAD | INSTALL_K3S_SKIP_ENABLE | \
      INSTALL_K3S_SKIP_START) ;;
    *) fail "$name is not supported here; omit it, or write it as a key of" \
      "/etc/rancher/k3s/config.yaml" ;;
  esac
done

k3s=/usr/local/bin/k3s
version=${INSTALL_K3S_VERSION:-}
[ -n "$version" ] || fail "INSTALL_K3S_VERSION is missing; set it to a release, such as v1.35.4+k3s1"
case ${1:-} in
  server) service=k3s type=notify ;;
  agent) service=k3s-agent type=exec ;;
  *) fail "is this node a server or an agent? Say so in the first argument" ;;
esac
role=$1
case $(uname -m) in
  x86_64 | amd64) architecture=amd64 file=k3s checksum=${INSTALL_K3S_SHA256_AMD64:-} ;;
  aarch64 | arm64) architecture=arm64 file=k3s-arm64 checksum=${INSTALL_K3S_SHA256_ARM64:-} ;;
  *) fail "there is no K3s for $(uname -m) here, only for x86_64 and aarch64" ;;
esac

# "k3s version v1.34.4+k3s1 (c6017918)", with the file's own name instead of k3s.
version_of() {
  if [ -x "$1" ]; then "$1" --version | awk 'NR == 1 && $2 == "version" { print $3 }'; fi
}

checksum_of() {
  sha256sum "$1" | cut -d ' ' -f 1
}

is_in_place() {
  [ "$(version_of "$k3s")" = "$version" ] || return 1
  [ -z "$checksum" ] || [ "$(checksum_of "$k3s")" = "$checksum" ]
}

download() {
  tag=$(printf '%s' "$version" | sed 's/+/%2B/')
  curl --proto '=https' --fail --silent --show-error --location --retry 5 --max-time 600 \
    --output "$2" "https://github.com/k3s-io/k3s/releases/download/$tag/$1" ||
    fail "cannot download $1 of K3s $version. Can this node reach github.com? If not," \
      "set k3s.airGap"
}

# Into a temporary file first, then atomically: K3s may be running from the old one.
place_binary() {
  new=$(mktemp /usr/local/bin/.k3s.XXXXXX)
  sums=$(mktemp)
  trap 'rm -f "$new" "$sums"' EXIT
  if [ -n "${INSTALL_K3S_BINARY:-}" ]; then
    cp "$INSTALL_K3S_BINARY" "$new"
    said="k3s.sha256.$architecture says"
    [ -n "$checksum" ] || fail "there is nothing to check $INSTALL_K3S_BINARY against;" \
      "set k3s.sha256.$architecture"
  elif [ -n "$checksum" ]; then
    said="k3s.sha256.$architecture says"
    download "$file" "$new"
  else
    said="its release publishes"
    download "sha256sum-$architecture.txt" "$sums"
    checksum=$(awk -v file="$file" '$2 == file { print $1 }' "$sums")
    [ -n "$checksum" ] || fail "sha256sum-$architecture.txt of K3s $version does not name $file"
    download "$file" "$new"
  fi
  found=$(checksum_of "$new")
  [ "$found" = "$checksum" ] || fail "the binary of K3s $version has the checksum $found, and" \
    "$said $checksum. Nothing is installed. If k3s.version has changed, k3s.sha256 has to as well;" \
    "if not, do not trust the file"
  chmod 0755 "$new"
  found=$(version_of "$new")
  [ "$found" = "$version" ] || fail "the binary reports to be K3s ${found:-of no known release}," \
    "wanted $version. Nothing is installed"
  mv -f "$new" "$k3s"
  printf 'K3s %s is in place\n' "$version"
}

write_unit() {
  cat >"/etc/systemd/system/$service.service.new" <<UNIT
# Written by nordfaas-k3s-install; changes are overwritten.
[Unit]
Description=K3s $role
Documentation=https://docs.k3s.io
Wants=network-online.target
After=network-online.target

[Service]
Type=$type
ExecStartPre=-/sbin/modprobe br_netfilter
ExecStartPre=-/sbin/modprobe overlay
ExecStart=$k3s $role
# A stop leaves the pods running.
KillMode=process
Delegate=yes
LimitNOFILE=1048576
LimitNPROC=infinity
LimitCORE=infinity
TasksMax=infinity
TimeoutStartSec=0
Restart=always
RestartSec=5s

[Install]
WantedBy=multi-user.target
UNIT
  mv -f "/etc/systemd/system/$service.service.new" "/etc/systemd/system/$service.service"
}

mkdir -p /usr/local/bin /etc/systemd/system
if [ "${INSTALL_K3S_SKIP_DOWNLOAD:-false}" = true ]; then
  is_in_place || fail "$k3s is not K3s $version, or has another checksum;" \
    "omit INSTALL_K3S_SKIP_DOWNLOAD"
else
  is_in_place || place_binary
fi
for name in kubectl crictl ctr; do
  [ -e "/usr/local/bin/$name" ] || ln -s k3s "/usr/local/bin/$name"
done
write_unit
if [ "${INSTALL_K3S_SKIP_ENABLE:-false}" != true ]; then
  systemctl daemon-reload
  systemctl enable --quiet "$service.service"
  [ "${INSTALL_K3S_SKIP_START:-false}" = true ] || systemctl restart "$service.service"
fi
