# $role is "server" or "agent", $node the node's name.
check_role() {
  case $role in
    server) other="k3s-agent.service" ;;
    agent) other="k3s.service" ;;
    *) fail "unknown role '$role'" ;;
  esac
  [ ! -e "/etc/systemd/system/$other" ] ||
    fail "$node has $other already, and the role $role was asked for: K3s does not change a node's" \
      "role. Take the node out of nodes, run 'pulumi up', give it a fresh disk, and add it again."
}
