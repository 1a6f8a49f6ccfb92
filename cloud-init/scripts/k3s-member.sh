# Runs on a server, for a node that standard input names. $mode is "admit": gives the node the labels
# and taints of the config, and removes those no longer in it; K3s itself sets taints at the first start
# only, and removes neither. Or "leave": moves the pods away and removes the node from the cluster. What else
# standard input has is there so that another machine under the node's name is admitted again.
node=
labels=
keys=
taints=
tainted=
while IFS= read -r line; do
  value=${line#*=}
  case $line in
    node=*) node=$value ;;
    label=*)
      labels="$labels $value"
      keys="$keys,${value%%=*}"
      ;;
    taint=*)
      taints="$taints $value"
      tainted="$tainted,${value%%[=:]*}:${value##*:}"
      ;;
  esac
done
keys=${keys#,}
tainted=${tainted#,}

kubectl_of_server() {
  if command -v k3s >/dev/null; then
    k3s kubectl --kubeconfig /etc/rancher/k3s/k3s.yaml "$@"
  else
    kubectl --kubeconfig /etc/rancher/k3s/k3s.yaml "$@"
  fi
}

# kubectl refuses to remove a taint that is not there.
taint() {
  kept=$(kubectl_of_server get node "$node" --output \
    'jsonpath={.metadata.annotations.nordfaas\.dev/taints}')
  if [ -n "$kept" ]; then
    present=$(kubectl_of_server get node "$node" --output \
      'jsonpath={range .spec.taints[*]}{.key}:{.effect},{end}')
    for taint in $(printf '%s' "$kept" | tr ',' ' '); do
      case ",$tainted," in *",$taint,"*) continue ;; esac
      case ",$present" in *",$taint,"*) taints="$taints $taint-" ;; esac
    done
  fi
  # shellcheck disable=SC2086 # one word each
  [ -z "$taints" ] || kubectl_of_server taint node "$node" --overwrite $taints >/dev/null
  [ "$kept" = "$tainted" ] ||
    kubectl_of_server annotate node "$node" --overwrite "nordfaas.dev/taints=$tainted" >/dev/null
}

admit() {
  kept=$(kubectl_of_server get node "$node" --output \
    'jsonpath={.metadata.annotations.nordfaas\.dev/labels}')
  for key in $(printf '%s' "$kept" | tr ',' ' '); do
    case ",$keys," in *",$key,"*) ;; *) labels="$labels $key-" ;; esac
  done
  # shellcheck disable=SC2086 # one word each
  [ -z "$labels" ] || kubectl_of_server label node "$node" --overwrite $labels >/dev/null
  [ "$kept" = "$keys" ] ||
    kubectl_of_server annotate node "$node" --overwrite "nordfaas.dev/labels=$keys" >/dev/null
  taint
  printf 'node %s is a member\n' "$node"
}

# local-path volumes are folders on one node.
check_volumes() {
  volumes=$(kubectl_of_server get persistentvolumes --output 'jsonpath={range .items[*]}{.spec.claimRef.namespace}/{.spec.claimRef.name} {.spec.nodeAffinity.required.nodeSelectorTerms[*].matchExpressions[*].values[*]}{"\n"}{end}' |
    awk -v node="$node" '{ for (i = 2; i <= NF; i++) if ($i == node) print "  " $1 }')
  [ -z "$volumes" ] || fail "The data of these claims is on $node and nowhere else:
$volumes
Save what is needed, delete the claims, and run 'pulumi up' again. Nothing has been touched."
}

# K3s refuses a node of the same name with another disk as long as this Secret exists. It is deleted with the
# Node, but some time later, and not if the Node had never been seen.
forget_password() {
  kubectl_of_server --namespace kube-system delete secret "$node.node-password.k3s" \
    --ignore-not-found >/dev/null
}

leave() {
  ready=$(kubectl_of_server get node "$node" --ignore-not-found --output \
    'jsonpath={.metadata.name} {.status.conditions[?(@.type=="Ready")].status}')
  if [ -z "$ready" ]; then
    forget_password
    printf 'node %s is no longer a member\n' "$node"
    exit 0
  fi
  check_volumes
  if [ "$ready" = "$node True" ]; then
    kubectl_of_server drain "$node" --ignore-daemonsets --delete-emptydir-data --timeout 300s ||
      fail "Pods of $node could not be moved within 300 s; usually they do not fit" \
        "elsewhere, or a PodDisruptionBudget blocks them. The node is cordoned and still a member:" \
        "free up capacity and run 'pulumi up' again, or keep it with 'kubectl uncordon $node'."
  else
    printf 'node %s does not answer: abandoning its pods\n' "$node"
  fi
  kubectl_of_server delete node "$node" >/dev/null
  forget_password
  printf 'node %s has left\n' "$node"
}

"$mode"
