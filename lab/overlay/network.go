package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"maps"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	client "k8s.io/client-go/kubernetes/typed/core/v1"
)

// backend is a way to carry packets between nodes.
type backend interface {
	// data is what other nodes have to know in order to reach this one, as in the annotation.
	data() string
	// link is the interface through which the other nodes' pods are reached.
	link() (netlink.Link, error)
	// mtu of that interface, and of pods
	mtu() int
	// reach makes the peers, and nobody else, reachable.
	reach(peers []lease) error
	// routes to the pods of the peers, without their link
	routes(peers []lease) []netlink.Route
	// ownAddress tells whether the interface is the backend's own and gets an address of this node's pod network.
	ownAddress() bool
}

func newBackend(o options) (backend, error) {
	switch o.backend {
	case "vxlan":
		return newVXLAN(o)
	case "wireguard-native":
		return newWireGuard(o)
	default:
		return &hostGateway{o.address}, nil
	}
}

type network struct {
	options
	backend backend
	api     client.NodeInterface

	mutex   sync.Mutex
	now     known
	applied bool
	told    map[string]string // why a node is not reached, so that it is said once
}

// follow does what has to be done after a change of the nodes.
func (n *network) follow(ctx context.Context, nodes []corev1.Node) error {
	told := map[string]string{}
	wanted := knownFrom(nodes, n.options, func(node, reason string) {
		told[node] = reason
		if n.told[node] != reason {
			log.Printf("%s is not reached: %s", node, reason)
		}
	})
	n.told = told
	own := slices.IndexFunc(nodes, func(node corev1.Node) bool { return node.Name == n.node })
	if own < 0 || !wanted.Subnet.IsValid() {
		return nil // not yet, or not any more: what it knew last stays
	}
	if !n.applied || !n.now.equal(wanted) {
		if err := n.apply(wanted); err != nil {
			return err
		}
		if err := wanted.save(n.options); err != nil {
			return err
		}
	}
	return n.annotate(ctx, nodes[own].Annotations)
}

// annotate says how this node is reached, where that is not said yet.
func (n *network) annotate(ctx context.Context, found map[string]string) error {
	wanted := annotations(n.options, n.backend.data())
	maps.DeleteFunc(wanted, func(name, value string) bool { return found[name] == value })
	if len(wanted) == 0 {
		return nil
	}
	patch, err := json.Marshal(map[string]any{"metadata": map[string]any{"annotations": wanted}})
	if err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, listLimit)
	defer cancel()
	// A kubelet's user may patch the status of its own Node only, and flannel does so.
	if _, err = n.api.Patch(limited, n.node, types.StrategicMergePatchType, patch, metav1.PatchOptions{}, "status"); err != nil {
		return fmt.Errorf("node %s cannot be annotated: %w", n.node, err)
	}
	return nil
}

// apply makes the kernel and the backend do what is known.
func (n *network) apply(k known) error {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	if err := ensureRules(rules(n.cluster, k.Subnet)); err != nil {
		return err
	}
	if err := n.backend.reach(k.Peers); err != nil {
		return err
	}
	link, err := n.backend.link()
	if err != nil {
		return err
	}
	if n.backend.ownAddress() {
		if err := ensureAddress(link, k.Subnet.Addr()); err != nil {
			return err
		}
	}
	if err := n.ensureRoutes(link, n.backend.routes(k.Peers)); err != nil {
		return err
	}
	if err := n.tellPods(k.Subnet); err != nil {
		return err
	}
	n.now, n.applied = k, true
	names := make([]string, 0, len(k.Peers))
	for _, peer := range k.Peers {
		names = append(names, fmt.Sprintf("%s %s at %s", peer.Node, peer.Subnet, peer.Address))
	}
	log.Printf("%s, own pods %s, others: %q", n.options.backend, k.Subnet, names)
	return nil
}

// ensureAddress gives an interface one address, without a network, so that what this node itself sends to pods of
// other nodes has a source that they can answer.
func ensureAddress(link netlink.Link, address netip.Addr) error {
	found, err := netlink.AddrList(link, netlink.FAMILY_V4)
	if err != nil {
		return err
	}
	for _, one := range found {
		if !one.IP.Equal(address.AsSlice()) {
			if err := netlink.AddrDel(link, &one); err != nil {
				return err
			}
		}
	}
	wanted := &netlink.Addr{IPNet: &net.IPNet{IP: address.AsSlice(), Mask: net.CIDRMask(32, 32)}}
	if err := netlink.AddrReplace(link, wanted); err != nil {
		return fmt.Errorf("address of %s: %w", link.Attrs().Name, err)
	}
	return netlink.LinkSetUp(link)
}

// ensureRoutes adds what is missing and removes what leads into the pod network through this interface otherwise.
func (n *network) ensureRoutes(link netlink.Link, wanted []netlink.Route) error {
	for i := range wanted {
		wanted[i].LinkIndex = link.Attrs().Index
		if err := netlink.RouteReplace(&wanted[i]); err != nil {
			return fmt.Errorf("route to %s: %w", wanted[i].Dst, err)
		}
	}
	found, err := n.podRoutes(link)
	if err != nil {
		return err
	}
	for _, route := range found {
		if slices.ContainsFunc(wanted, func(w netlink.Route) bool {
			return w.Dst.String() == route.Dst.String() && w.Gw.Equal(route.Gw)
		}) {
			continue
		}
		if err := netlink.RouteDel(&route); err != nil && err != unix.ESRCH {
			return fmt.Errorf("route to %s: %w", route.Dst, err)
		}
	}
	return nil
}

// podRoutes are those into the pod network through an interface. The kernel's own, of an address, are left out.
func (n *network) podRoutes(link netlink.Link) ([]netlink.Route, error) {
	found, err := netlink.RouteList(link, netlink.FAMILY_V4)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(found, func(route netlink.Route) bool {
		if route.Dst == nil || route.Protocol == unix.RTPROT_KERNEL {
			return true
		}
		address, _ := netip.AddrFromSlice(route.Dst.IP.To4())
		ones, _ := route.Dst.Mask.Size()
		return !n.cluster.Contains(address) || ones < n.cluster.Bits()
	}), nil
}

// removeOthers takes away what a different backend has left.
func (n *network) removeOthers() error {
	for backend, name := range map[string]string{"vxlan": vxlanName, "wireguard-native": wireGuardName} {
		if backend == n.options.backend {
			continue
		}
		if link, err := netlink.LinkByName(name); err == nil {
			log.Printf("removing %s of another backend", name)
			if err := netlink.LinkDel(link); err != nil {
				return err
			}
		}
	}
	if n.options.backend == "host-gw" {
		return nil
	}
	link, err := (&hostGateway{n.address}).link()
	if err != nil {
		return err
	}
	found, err := n.podRoutes(link)
	if err != nil {
		return err
	}
	for _, route := range found {
		if err := netlink.RouteDel(&route); err != nil {
			return err
		}
	}
	return nil
}

// tellPods writes what new pods need to know: for flannel's own CNI plug-in, and the config of those that do its work
// here. K3s has flannel's plug-in pass the same on to the bridge plug-in.
func (n *network) tellPods(subnet netip.Prefix) error {
	env := fmt.Sprintf("FLANNEL_NETWORK=%s\nFLANNEL_SUBNET=%s/%d\nFLANNEL_MTU=%d\nFLANNEL_IPMASQ=true\n",
		n.cluster, subnet.Addr().Next(), subnet.Bits(), n.backend.mtu())
	if err := writeFile("/run/flannel/subnet.env", []byte(env), 0o644); err != nil {
		return err
	}
	if n.cni == "" {
		return nil
	}
	return writeFile(n.cni, []byte(cniConfig(n.cluster, subnet, n.backend.mtu())), 0o600)
}

// cniConfig leaves it to the rules of this program to masquerade: the bridge plug-in would do it between pods too.
func cniConfig(cluster, subnet netip.Prefix, mtu int) string {
	return fmt.Sprintf(`{"cniVersion": "0.4.0", "name": "lab", "plugins": [
  {"type": "bridge", "bridge": "cni0", "mtu": %d, "isGateway": true, "isDefaultGateway": true, "forceAddress": true,
   "hairpinMode": true, "ipMasq": false,
   "ipam": {"type": "host-local", "ranges": [[{"subnet": "%s"}]], "routes": [{"dst": "%s"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}
]}
`, mtu, subnet, cluster)
}

// keepRules puts back what others have deleted, as often as K3s has flannel do so for its rules.
func (n *network) keepRules(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(50 * time.Second):
		}
		n.mutex.Lock()
		if n.applied {
			if err := ensureRules(rules(n.cluster, n.now.Subnet)); err != nil {
				log.Print(err)
			}
		}
		n.mutex.Unlock()
	}
}

// toNet is a network as the netlink library has it.
func toNet(prefix netip.Prefix) *net.IPNet {
	return &net.IPNet{IP: prefix.Addr().AsSlice(), Mask: net.CIDRMask(prefix.Bits(), 32)}
}
