# Loads the firewall. If its rules are broken, those that were loaded before stay; at boot, where there
# are none, nothing but SSH is let in, and K3s does not start. Managed by nordfaas.
rules=/etc/nordfaas/firewall.nft

is_loaded() {
  nft list chain inet nordfaas prerouting >/dev/null 2>&1
}

if [ -s "$rules" ] && nft --file "$rules" && is_loaded; then
  exit 0
fi
printf '%s cannot be loaded\n' "$rules" >&2
if is_loaded; then
  printf 'the rules that were loaded before stay\n' >&2
  exit 1
fi
# K3s' units look for the chain prerouting.
nft --file - <<'CLOSED' && printf 'only SSH is let in\n' >&2
table inet nordfaas
delete table inet nordfaas
table inet nordfaas {
  chain closed {
    type filter hook prerouting priority mangle; policy drop;
    iifname "lo" accept
    ct state established,related accept
    meta l4proto ipv6-icmp accept
    udp dport { 68, 546 } accept
    ${sshClients}
  }
}
CLOSED
exit 1
