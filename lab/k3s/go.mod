module nordfaas.dev/lab/k3s

go 1.24

require go.yaml.in/yaml/v3 v3.0.4
