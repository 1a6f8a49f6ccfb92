# Prints the kubeconfig of the cluster's administrator.
# What is sent is read all the same: else the SSH session ends with an error that it could not be sent.
cat >/dev/null
cat /etc/rancher/k3s/k3s.yaml
