package main

import (
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const operatorManifest = `
apiVersion: v1
kind: Namespace
metadata: {name: cnpg-system}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: cnpg-manager, namespace: cnpg-system}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: cnpg-manager}
rules:
- {apiGroups: [""], resources: [secrets], verbs: [get]}
- {apiGroups: [""], resources: [nodes], verbs: [get]}
- {apiGroups: [postgresql.cnpg.io], resources: [clusterimagecatalogs, imagecatalogs], verbs: [get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: cnpg-manager-rolebinding}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cnpg-manager}
subjects: [{kind: ServiceAccount, name: cnpg-manager, namespace: cnpg-system}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cnpg-controller-manager, namespace: cnpg-system}
spec:
  template:
    spec:
      containers:
      - image: ghcr.io/cloudnative-pg/cloudnative-pg:1.30.0
        env: [{name: OPERATOR_IMAGE_NAME, value: "ghcr.io/cloudnative-pg/cloudnative-pg:1.30.0"}]
`

func installed(t *testing.T, values string) string {
	t.Helper()
	objects, err := chart{Chart: "cloudnative-pg", TargetNamespace: "postgres", ValuesContent: values}.
		objects("cloudnative-pg", []byte(operatorManifest))
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, one := range objects {
		content, err := yaml.Marshal(one)
		if err != nil {
			t.Fatal(err)
		}
		text.Write(content)
		text.WriteString("---\n")
	}
	return text.String()
}

func TestOperatorOfOneNamespaceHasNoRightsOverSecretsElsewhere(t *testing.T) {
	text := installed(t, "config: {clusterWide: false}")
	for _, document := range strings.Split(text, "---\n") {
		if strings.Contains(document, "kind: ClusterRole\n") && strings.Contains(document, "rules:") {
			if strings.Contains(document, "secrets") || strings.Contains(document, "- imagecatalogs") {
				t.Errorf("too many rights:\n%s", document)
			}
			if !strings.Contains(document, "nodes") || !strings.Contains(document, "clusterimagecatalogs") {
				t.Errorf("too few rights:\n%s", document)
			}
		}
	}
	for _, wanted := range []string{"kind: Role\n", "kind: RoleBinding\n", "name: WATCH_NAMESPACE", "WATCH_NAMESPACE: postgres"} {
		if !strings.Contains(text, wanted) {
			t.Errorf("%q is missing in\n%s", wanted, text)
		}
	}
	if strings.Contains(text, "cnpg-system") || strings.Contains(text, "kind: Namespace") {
		t.Errorf("another namespace:\n%s", text)
	}
}

func TestValuesChangeTheDeployment(t *testing.T) {
	text := installed(t, `image: {repository: "lab.nordfaas.dev/cloudnative-pg", tag: "1.30.0"}
replicaCount: 2
priorityClassName: nordfaas-platform`)
	for _, wanted := range []string{"replicas: 2", "priorityClassName: nordfaas-platform",
		"image: lab.nordfaas.dev/cloudnative-pg:1.30.0", "value: lab.nordfaas.dev/cloudnative-pg:1.30.0"} {
		if !strings.Contains(text, wanted) {
			t.Errorf("%q is missing in\n%s", wanted, text)
		}
	}
	if strings.Contains(text, "WATCH_NAMESPACE") {
		t.Errorf("it does not serve all namespaces:\n%s", text)
	}
}

func TestUnknownValueIsRefused(t *testing.T) {
	_, err := chart{Chart: "cloudnative-pg", ValuesContent: "hostNetwork: true"}.objects("x", nil)
	if err == nil || !strings.Contains(err.Error(), "hostNetwork") {
		t.Errorf("got %v", err)
	}
}
