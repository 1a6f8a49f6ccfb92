# A node of its own behind a real sshd, for the tests of K3s' scripts: with its own /etc, /root,
# /run, /usr/local and /var/lib, its own host name and processes. Arguments: the folder that holds
# it, the node's name, its address here, the port, its private address. In that folder lie host_key,
# authorized_keys and bin/; what the programs there are called with goes to ../log.
set -eu
root=$1 name=$2 address=$3 port=$4 private=$5

hostname "$name"
[ -e "$root/etc/passwd" ] && booted_before=yes || booted_before=no
mkdir -p "$root/etc" "$root/home" "$root/run/sshd" "$root/run/systemd/system" "$root/local/bin" "$root/lib"
if [ "$booted_before" = no ]; then
  cp -a /etc/. "$root/etc"
  rm -rf "$root/etc/rancher"
  # Without PAM, sshd lets nobody in whose account is locked.
  sed -i 's/^root:[^:]*:/root:*:/' "$root/etc/shadow"
fi
printf '2: eth1    inet %s/24 scope global eth1\n' "$private" >"$root/address"
mount --bind "$root/etc" /etc
mount --bind "$root/home" /root
mount --bind "$root/run" /run
mount --bind "$root/local" /usr/local
mount --bind "$root/lib" /var/lib

cat >/run/sshd_config <<CONFIG
ListenAddress $address
Port $port
HostKey $root/host_key
AuthorizedKeysFile $root/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication no
PidFile none
MaxStartups 100
SetEnv PATH=$root/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin NODE_ROOT=$root
Subsystem sftp /usr/lib/openssh/sftp-server
ForceCommand $root/bin/only-k3s
CONFIG
exec /usr/sbin/sshd -D -e -f /run/sshd_config
