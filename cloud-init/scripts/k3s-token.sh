# Stores the cluster's tokens where only root can read them. Standard input: "key=value" lines, all of
# them secret. An agent has only the agents' token: the servers' would give it the cluster's keys.
# A node that joins has it in K3s' full form, K10<hash of the CA>::<user>:<secret>, and sends the secret only
# to a server with that CA.
# On the first server, a changed token is passed to K3s first: its data is
# encrypted with it. With a passphrase, an encrypted copy is kept next to the snapshots; in a store,
# only in a folder that is this cluster's own.
file=/etc/rancher/k3s/token
agent_file=/etc/rancher/k3s/agent-token
data=/var/lib/rancher/k3s/server

node=
role=
away=
token=
agent_token=
day=
first=
passphrase=
s3_url=
s3_region=
s3_user=
s3_owner=
while IFS= read -r line; do
  value=${line#*=}
  case $line in
    node=*) node=$value ;;
    role=*) role=$value ;;
    away=*) away=$value ;;
    token=*) token=$value ;;
    agent-token=*) agent_token=$value ;;
    day=*) day=$value ;;
    first=*) first=$value ;;
    passphrase=*) passphrase=$value ;;
    s3-url=*) s3_url=$value ;;
    s3-region=*) s3_region=$value ;;
    s3-user=*) s3_user=$value ;;
    s3-owner=*) s3_owner=$value ;;
  esac
done

# A value in curl's config, which it gets on standard input, as its arguments are visible to everybody.
quoted() {
  printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"
}

# Of a token in either form.
secret_of() {
  case $1 in
    K10*::*:*) printf '%s' "${1#K10*::*:}" ;;
    *) printf '%s' "$1" ;;
  esac
}

# The request that `k3s token rotate` makes; that command would take both tokens as arguments.
rotate() {
  {
    printf 'user = %s\n' "$(quoted "server:$before")"
    printf 'data = %s\n' "$(quoted "{\"newToken\":\"$token\"}")"
  } | curl --config - --silent --show-error --fail --request PUT --max-time 60 \
    --header 'Content-Type: application/json' --cacert "$data/tls/server-ca.crt" \
    https://127.0.0.1:6443/v1-k3s/token ||
    fail "K3s does not accept the new token; the old one is still valid. Is K3s running here?"
}

encrypt() {
  openssl enc -aes-256-cbc -pbkdf2 -iter 600000 -salt -a -pass fd:3 3<<PASSPHRASE
$passphrase
PASSPHRASE
}

# A request for object $1 in the store, with further arguments for curl; prints the HTTP status.
# S3 requires the hash of the payload in a header. Debian 12's curl 7.88 sends none and signs an upload
# as if it were empty, but uses a header that it is given; TLS protects the payload.
store() {
  object=$1
  shift
  printf 'user = %s\naws-sigv4 = %s\n' "$(quoted "$s3_user")" \
    "$(quoted "aws:amz:$s3_region:s3")" |
    curl --config - --proto '=https' --silent --show-error --retry 3 --max-time 60 \
      --header 'x-amz-content-sha256: UNSIGNED-PAYLOAD' --write-out '%{http_code}' "$@" \
      "$s3_url/$object"
}

upload() {
  status=$(store "$2" --output /dev/null --upload-file "$1") || status="no answer"
  case $status in 2??) return 0 ;; esac
  fail "cannot write $2 into $s3_url ($status). Are k3s.etcdSnapshots.s3 and its keys right, and" \
    "may they write there?"
}

# This cluster's retention would prune another cluster's snapshots, and they need its token: a
# copied config, such as for a restore drill, must not use the folder it names.
claim_folder() {
  status=$(store owner --output "$staging/owner") || status="no answer"
  case $status in
    200)
      owner=$(cat "$staging/owner")
      [ "${owner%% *}" = "${s3_owner%% *}" ] ||
        fail "$s3_url belongs to another cluster (first server ${owner#* }): its token would be" \
          "replaced and its snapshots pruned. Nothing there has been touched. Set" \
          "k3s.etcdSnapshots.s3.folder to a folder that is this cluster's own, or remove" \
          "k3s.etcdSnapshots.s3, and run 'pulumi up' again. If nobody needs that cluster's" \
          "snapshots any more, delete $s3_url/owner instead."
      ;;
    404)
      printf '%s\n' "$s3_owner" >"$staging/owner"
      upload "$staging/owner" owner
      ;;
    *)
      fail "cannot read $s3_url/owner ($status). Are k3s.etcdSnapshots.s3 and its keys right, and" \
        "may they list and read there?"
      ;;
  esac
}

check_role
before=
[ ! -e "$file" ] || before=$(secret_of "$(cat "$file")")
if [ -n "$away" ] && [ -n "$before" ] && [ "$before" != "$(secret_of "$token")" ]; then
  fail "$node keeps its token: the tokens are to be rotated, and $away would not learn the new ones. Once none" \
    "is away any more, remove 'away' from nodes and run 'pulumi up' again."
fi
case $token in
  K10*)
    printf '%s\n' "$token" | grep -Eq '^K10[0-9a-f]{64}::(server|node):.' ||
      fail "the hash of the cluster's CA is not known yet, without which $node would send its token to" \
        "whoever answers. Run 'pulumi up' without --target."
    ;;
esac
if [ -n "$s3_url" ]; then
  staging=$(mktemp -d)
  trap 'rm -rf "$staging"' EXIT
  claim_folder
fi

if [ "$first" = true ] && [ -n "$before" ] && [ "$before" != "$token" ] && [ -d "$data/db/etcd" ]; then
  rotate
fi
printf '%s' "$token" | install_file "$file" 0600
[ -z "$agent_token" ] || printf '%s' "$agent_token" | install_file "$agent_file" 0600

if [ -n "$passphrase" ]; then
  mkdir -p "$data"
  chmod 0700 "$data"
  # Snapshots from before a rotation need the old token: each token has its own file.
  copy=$data/db/token-$day.enc
  secret_of "$token" | encrypt | install_file "$copy" 0600
  [ -z "$s3_url" ] || upload "$copy" "$(basename "$copy")"
fi
