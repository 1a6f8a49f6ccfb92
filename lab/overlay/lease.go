package main

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// The annotations of a Node by which flannel's nodes find each other (flannel, pkg/subnet/kube/annotations.go, with
// K3s' prefix).
const (
	managedAnnotation = "flannel.alpha.coreos.com/kube-subnet-manager"
	typeAnnotation    = "flannel.alpha.coreos.com/backend-type"
	dataAnnotation    = "flannel.alpha.coreos.com/backend-data"
	addressAnnotation = "flannel.alpha.coreos.com/public-ip"
)

// annotatedAs is the type of a backend in annotations: flannel's name of it, which is not always K3s'.
var annotatedAs = map[string]string{"vxlan": "vxlan", "wireguard-native": "wireguard", "host-gw": "host-gw"}

// lease is how packets get to the pods of a node.
type lease struct {
	Node    string          `json:"node"`
	Subnet  netip.Prefix    `json:"subnet"`
	Address netip.Addr      `json:"address"`
	Data    json.RawMessage `json:"data,omitempty"` // the backend's own
}

func (l lease) equal(other lease) bool {
	return l.Node == other.Node && l.Subnet == other.Subnet && l.Address == other.Address && string(l.Data) == string(other.Data)
}

// leaseOf is what a node offers to others. The reason says why it is not to be reached, and is empty for one that has
// offered nothing yet.
func leaseOf(node *corev1.Node, backend string) (l lease, reason string) {
	notes := node.Annotations
	if notes[managedAnnotation] != "true" {
		return l, ""
	}
	if found, wanted := notes[typeAnnotation], annotatedAs[backend]; found != wanted {
		return l, fmt.Sprintf("its backend is %s, not %s", found, wanted)
	}
	l.Node = node.Name
	var err error
	if l.Subnet, err = subnetOf(node); err != nil {
		return l, err.Error()
	}
	if l.Address, err = netip.ParseAddr(notes[addressAnnotation]); err != nil || !l.Address.Is4() {
		return l, fmt.Sprintf("%s is %q, no IPv4 address", addressAnnotation, notes[addressAnnotation])
	}
	if data := notes[dataAnnotation]; json.Valid([]byte(data)) {
		l.Data = json.RawMessage(data)
	}
	return l, ""
}

// subnetOf is the IPv4 network of a node's pods.
func subnetOf(node *corev1.Node) (netip.Prefix, error) {
	for _, text := range append(slices.Clone(node.Spec.PodCIDRs), node.Spec.PodCIDR) {
		if prefix, err := netip.ParsePrefix(text); err == nil && prefix.Addr().Is4() {
			return prefix.Masked(), nil
		}
	}
	return netip.Prefix{}, fmt.Errorf("it has no IPv4 network for pods (spec.podCIDR %q)", node.Spec.PodCIDR)
}

// annotations of a node with this backend.
func annotations(o options, data string) map[string]string {
	return map[string]string{
		managedAnnotation: "true", typeAnnotation: annotatedAs[o.backend],
		dataAnnotation: data, addressAnnotation: o.address.String(),
	}
}

// known is what this node knows of the cluster's network.
type known struct {
	Backend string       `json:"backend"`
	Subnet  netip.Prefix `json:"subnet"` // of its own pods
	Peers   []lease      `json:"peers"`
}

func (k known) equal(other known) bool {
	return k.Backend == other.Backend && k.Subnet == other.Subnet && slices.EqualFunc(k.Peers, other.Peers, lease.equal)
}

// knownFrom sorts what the API server says by its use. Nothing is known before this node has a network.
func knownFrom(nodes []corev1.Node, o options, complain func(node, reason string)) known {
	k := known{Backend: o.backend}
	for i := range nodes {
		node := &nodes[i]
		if node.Name == o.node {
			k.Subnet, _ = subnetOf(node)
			continue
		}
		l, reason := leaseOf(node, o.backend)
		switch {
		case reason != "":
			complain(node.Name, reason)
		case l.Node != "":
			k.Peers = append(k.Peers, l)
		}
	}
	slices.SortFunc(k.Peers, func(a, b lease) int { return strings.Compare(a.Node, b.Node) })
	return k
}

func knownFile(o options) string { return filepath.Join(o.state, "known.json") }

// loadKnown is what this node knew last, if that was with the same backend.
func loadKnown(o options) (k known, err error) {
	content, err := os.ReadFile(knownFile(o))
	if os.IsNotExist(err) {
		return known{}, nil
	}
	if err == nil {
		err = json.Unmarshal(content, &k)
	}
	if err != nil || k.Backend != o.backend {
		return known{}, err
	}
	return k, nil
}

func (k known) save(o options) error {
	content, err := json.Marshal(k)
	if err != nil {
		return err
	}
	return writeFile(knownFile(o), content, 0o600)
}

// writeFile replaces a file at once.
func writeFile(path string, content []byte, mode os.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(path+".new", content, mode); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
