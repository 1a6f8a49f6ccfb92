package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// chartsFolder holds a manifest for each chart that can be installed: <chart>.yaml.
const chartsFolder = bundle + "/charts"

type object = map[string]any

// watchCharts stands in for K3s' Helm controller. There are no charts here: it applies the manifest
// that the chart's project publishes, changed as the chart would have it for its values.
func watchCharts(ctx context.Context) {
	for ctx.Err() == nil {
		if err := followCharts(ctx); err != nil && ctx.Err() == nil && !errors.Is(err, io.EOF) {
			log.Printf("Helm charts: %v", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

func followCharts(ctx context.Context) error {
	command := exec.CommandContext(ctx, binaries+"kubectl", "--kubeconfig", adminConfig, "get", "helmcharts.helm.cattle.io",
		"--all-namespaces", "--watch", "--output-watch-events", "--output=json")
	events, err := command.StdoutPipe()
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return err
	}
	defer command.Wait()
	for decoder := json.NewDecoder(events); ; {
		var event struct {
			Type   string
			Object struct {
				Metadata struct{ Name string }
				Spec     chart
			}
		}
		if err := decoder.Decode(&event); err != nil {
			return err
		}
		name := event.Object.Metadata.Name
		if err := event.Object.Spec.release(ctx, name, event.Type == "DELETED"); err != nil {
			log.Printf("Helm chart %s: %v", name, err)
		}
	}
}

// chart is the spec of a HelmChart.
type chart struct {
	Chart           string
	TargetNamespace string
	ValuesContent   string
}

// release brings the chart's objects, or takes them away, except for its types: Helm keeps them.
func (c chart) release(ctx context.Context, name string, away bool) error {
	manifest, err := os.ReadFile(filepath.Join(chartsFolder, filepath.Base(c.Chart)+".yaml"))
	if errors.Is(err, os.ErrNotExist) {
		return problem("there is no chart "+c.Chart, "the lab has no registry of charts", "add its manifest to lab/build")
	}
	if err != nil {
		return err
	}
	objects, err := c.objects(name, manifest)
	if err != nil {
		return err
	}
	arguments := []string{"apply", "--server-side", "--force-conflicts", "--filename=-"}
	if away {
		objects = slices.DeleteFunc(objects, func(o object) bool { return o["kind"] == "CustomResourceDefinition" })
		arguments = []string{"delete", "--ignore-not-found", "--filename=-"}
	}
	var input bytes.Buffer
	encoder := yaml.NewEncoder(&input)
	for _, one := range objects {
		if err := encoder.Encode(one); err != nil {
			return err
		}
	}
	if err := encoder.Close(); err != nil {
		return err
	}
	var output []byte
	for began := time.Now(); ctx.Err() == nil && time.Since(began) < time.Minute; time.Sleep(time.Second) {
		command := exec.CommandContext(ctx, binaries+"kubectl", append([]string{"--kubeconfig", adminConfig}, arguments...)...)
		command.Stdin = bytes.NewReader(input.Bytes())
		if output, err = command.CombinedOutput(); err == nil {
			log.Printf("Helm chart %s: kubectl %s", name, arguments[0])
			return nil
		}
	}
	return fmt.Errorf("kubectl %s: %w: %s", arguments[0], err, output)
}

// values are those of the chart cloudnative-pg that are read here; any other one is an error.
type values struct {
	Config struct {
		ClusterWide *bool `yaml:"clusterWide"`
	}
	Image        struct{ Repository, Tag string }
	ReplicaCount int    `yaml:"replicaCount"`
	Priority     string `yaml:"priorityClassName"`
	Resources    object
	Affinity     object
	Spread       []object `yaml:"topologySpreadConstraints"`
}

// What the role of the whole cluster allows if the operator serves its own namespace only (source:
// chart 0.29.0, cloudnative-pg.clusterwideRules).
var clusterWideResources = []string{
	"nodes", "mutatingwebhookconfigurations", "validatingwebhookconfigurations", "clusterimagecatalogs",
}

// objects are those of the operator's published manifest with the names and labels that its chart
// gives them (source: chart 0.29.0, templates).
func (c chart) objects(name string, manifest []byte) ([]object, error) {
	var set values
	decoder := yaml.NewDecoder(strings.NewReader(c.ValuesContent))
	decoder.KnownFields(true)
	if err := decoder.Decode(&set); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("valuesContent: %w", err)
	}
	labels := object{"app.kubernetes.io/name": c.Chart, "app.kubernetes.io/instance": name}
	ownNamespace := set.Config.ClusterWide != nil && !*set.Config.ClusterWide
	account := []any{object{"kind": "ServiceAccount", "name": name, "namespace": c.TargetNamespace}}
	var objects []object
	for documents := yaml.NewDecoder(bytes.NewReader(manifest)); ; {
		var one object
		if err := documents.Decode(&one); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		metadata, _ := one["metadata"].(object)
		if metadata == nil {
			continue
		}
		if metadata["namespace"] != nil {
			metadata["namespace"] = c.TargetNamespace
		}
		switch one["kind"] {
		case "Namespace":
			continue
		case "ServiceAccount":
			metadata["name"] = name
		case "ClusterRole":
			if metadata["name"] != "cnpg-manager" {
				continue // for people
			}
			metadata["name"] = name
			if ownNamespace {
				all, _ := one["rules"].([]any)
				cluster, own := splitRules(all)
				one["rules"] = cluster
				objects = append(objects, object{"apiVersion": one["apiVersion"], "kind": "Role",
					"metadata": object{"name": name, "namespace": c.TargetNamespace}, "rules": own})
			}
		case "ClusterRoleBinding":
			metadata["name"], one["subjects"] = name, account
			one["roleRef"].(object)["name"] = name
			if ownNamespace {
				role := maps.Clone(one["roleRef"].(object))
				role["kind"] = "Role"
				objects = append(objects, object{"apiVersion": one["apiVersion"], "kind": "RoleBinding",
					"metadata": object{"name": name, "namespace": c.TargetNamespace}, "roleRef": role, "subjects": account})
			}
		case "Service":
			one["spec"].(object)["selector"] = labels
		case "Deployment":
			metadata["name"] = name
			set.change(one["spec"].(object), name, labels, ownNamespace)
		case "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration":
			for _, webhook := range one["webhooks"].([]any) {
				webhook.(object)["clientConfig"].(object)["service"].(object)["namespace"] = c.TargetNamespace
			}
		}
		objects = append(objects, one)
	}
	settings := object{}
	if ownNamespace {
		settings["WATCH_NAMESPACE"] = c.TargetNamespace
	}
	return append(objects, object{"apiVersion": "v1", "kind": "ConfigMap", "data": settings,
		"metadata": object{"name": "cnpg-controller-manager-config", "namespace": c.TargetNamespace}}), nil
}

// change makes the Deployment what the chart makes of the values.
func (v values) change(spec object, account string, labels object, ownNamespace bool) {
	spec["replicas"] = max(1, v.ReplicaCount)
	spec["selector"] = object{"matchLabels": labels}
	template := spec["template"].(object)
	template["metadata"] = object{"labels": labels}
	pod := template["spec"].(object)
	pod["serviceAccountName"] = account
	if v.Priority != "" {
		pod["priorityClassName"] = v.Priority
	}
	if v.Affinity != nil {
		pod["affinity"] = v.Affinity
	}
	if v.Spread != nil {
		pod["topologySpreadConstraints"] = v.Spread
	}
	container := pod["containers"].([]any)[0].(object)
	container["imagePullPolicy"] = "IfNotPresent"
	container["resources"] = v.Resources
	image := container["image"].(string)
	if repository, tag, found := strings.Cut(image, ":"); found {
		if v.Image.Repository != "" {
			repository = v.Image.Repository
		}
		if v.Image.Tag != "" {
			tag = v.Image.Tag
		}
		image = repository + ":" + tag
	}
	container["image"] = image
	for _, variable := range container["env"].([]any) {
		if variable := variable.(object); variable["name"] == "OPERATOR_IMAGE_NAME" {
			variable["value"] = image
		}
	}
	if ownNamespace {
		container["env"] = append(container["env"].([]any), object{"name": "WATCH_NAMESPACE", "valueFrom": object{
			"fieldRef": object{"fieldPath": "metadata.namespace"}}})
	}
}

// splitRules separates what the operator may do everywhere from what it may do in its own namespace.
func splitRules(rules []any) (cluster, own []any) {
	for _, rule := range rules {
		rule := rule.(object)
		var here, there []any
		for _, resource := range rule["resources"].([]any) {
			if slices.Contains(clusterWideResources, resource.(string)) {
				here = append(here, resource)
			} else {
				there = append(there, resource)
			}
		}
		for _, part := range []struct {
			resources []any
			rules     *[]any
		}{{here, &cluster}, {there, &own}} {
			if len(part.resources) > 0 {
				of := maps.Clone(rule)
				of["resources"] = part.resources
				*part.rules = append(*part.rules, of)
			}
		}
	}
	return cluster, own
}
