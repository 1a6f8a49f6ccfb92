# Keeps the cluster's token, which comes on standard input, where only root can read it.
install_file /etc/rancher/k3s/token 0600
