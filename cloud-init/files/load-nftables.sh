# Loads /etc/nftables.conf for nftables.service; instead of flushing everything it replaces only the tables
# in that file. Managed by nordfaas.
sed -E -e '/^[[:space:]]*flush[[:space:]]+ruleset/d' \
  -e 's/^[[:space:]]*table[[:space:]]+([a-z0-9]+[[:space:]]+)?([^[:space:]{]+)[[:space:]]*\{/table \1\2\ndelete table \1\2\n&/' \
  /etc/nftables.conf | nft --file -
