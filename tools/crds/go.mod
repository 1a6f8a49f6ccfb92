module nordfaas.dev/tools/crds

go 1.26.0

require (
	github.com/cloudnative-pg/cloudnative-pg v1.30.0
	github.com/k3s-io/helm-controller v0.16.17
)
