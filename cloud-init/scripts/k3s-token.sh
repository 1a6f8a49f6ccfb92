# Keeps the cluster's token where only root can read it. Standard input: "key=value" lines, all of
# them secret. On the first server, a token that differs from the one before is made K3s' own first:
# its data are encrypted with it. With a passphrase, an encrypted copy is kept beside the snapshots.
file=/etc/rancher/k3s/token
data=/var/lib/rancher/k3s/server

token=
day=
first=
passphrase=
s3_url=
s3_region=
s3_user=
while IFS= read -r line; do
  value=${line#*=}
  case $line in
    token=*) token=$value ;;
    day=*) day=$value ;;
    first=*) first=$value ;;
    passphrase=*) passphrase=$value ;;
    s3-url=*) s3_url=$value ;;
    s3-region=*) s3_region=$value ;;
    s3-user=*) s3_user=$value ;;
  esac
done

# A value of curl's config, which comes on its standard input: its arguments are for all to see.
quoted() {
  printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"
}

# What `k3s token rotate` asks its server for; that command would take both tokens as arguments.
rotate() {
  {
    printf 'user = %s\n' "$(quoted "server:$before")"
    printf 'data = %s\n' "$(quoted "{\"newToken\":\"$token\"}")"
  } | curl --config - --silent --show-error --fail --request PUT --max-time 60 \
    --header 'Content-Type: application/json' --cacert "$data/tls/server-ca.crt" \
    https://127.0.0.1:6443/v1-k3s/token ||
    fail "K3s does not take the new token; the old one is still in force. Is K3s running here?"
}

encrypt() {
  openssl enc -aes-256-cbc -pbkdf2 -iter 600000 -salt -a -pass fd:3 3<<PASSPHRASE
$passphrase
PASSPHRASE
}

upload() {
  printf 'user = %s\naws-sigv4 = %s\n' "$(quoted "$s3_user")" \
    "$(quoted "aws:amz:$s3_region:s3")" |
    curl --config - --proto '=https' --silent --show-error --fail --retry 3 --max-time 60 \
      --output /dev/null --upload-file "$1" "$s3_url/$(basename "$1")" ||
    fail "cannot put the encrypted token into $s3_url. Are k3s.etcdSnapshots.s3 and its keys right," \
      "and may they write there?"
}

before=
[ ! -e "$file" ] || before=$(cat "$file")
if [ "$first" = true ] && [ -n "$before" ] && [ "$before" != "$token" ] && [ -d "$data/db/etcd" ]; then
  rotate
fi
printf '%s' "$token" | install_file "$file" 0600

if [ -n "$passphrase" ]; then
  mkdir -p "$data"
  chmod 0700 "$data"
  # Snapshots of before a rotation need the token of before: each has a file of its own.
  copy=$data/db/token-$day.enc
  printf '%s' "$token" | encrypt | install_file "$copy" 0600
  [ -z "$s3_url" ] || upload "$copy"
fi
