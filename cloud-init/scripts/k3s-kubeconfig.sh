# Prints the kubeconfig of the cluster's administrator.
cat /etc/rancher/k3s/k3s.yaml
