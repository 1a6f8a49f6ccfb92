# The programs of a node of the tests that are neither K3s nor systemd, under the name that they are
# called by. All nodes share what is one folder up: the log of all calls, the cluster, the releases.
set -eu
shared=$(dirname "$NODE_ROOT")
node=$(uname -n)
program=${0##*/}

case $program in
  only-k3s)
    # The host itself is the machine of the tests: nothing but K3s is touched.
    case $SSH_ORIGINAL_COMMAND in
      *sftp-server) exec /usr/lib/openssh/sftp-server ;;
      *"properties as one JSON object"*) cat >/dev/null && echo ok ;;
      *K3s* | *k3s.yaml*) exec sh -c "$SSH_ORIGINAL_COMMAND" ;;
      *) cat >/dev/null && echo ok ;;
    esac
    ;;

  ip) cat "$NODE_ROOT/address" ;;
  sleep) ;;

  curl)
    case "$*" in */cacerts) exit 7 ;; esac
    while [ "$1" != --output ]; do shift; done
    version=$(printf '%s' "$3" | sed -e 's|.*/download/||' -e 's|/.*||' -e 's/%2B/+/')
    printf '%s download %s %s\n' "$node" "$version" "${3##*/}" >>"$shared/log"
    case $3 in
      */sha256sum-amd64.txt)
        printf '%s  k3s\n' "$(sha256sum <"$shared/release-$version" | cut -d ' ' -f 1)" >"$2" ;;
      *) cp "$shared/release-$version" "$2" ;;
    esac
    ;;
esac
