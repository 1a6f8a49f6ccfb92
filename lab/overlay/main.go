// lab-overlay: what flannel inside K3s does between nodes, in user space, for kernels without VXLAN and WireGuard.
// IPv4 only.
//
// It publishes how it is reached in annotations of its Node, follows those of the other Nodes, and carries packets of
// pods to them: framed as VXLAN (RFC 7348) on UDP port 8472, through WireGuard on UDP port 51820, or by routes alone.
// Names, formats, addresses, routes, MTUs and iptables rules are those of flannel v0.28.0 as K3s configures it
// (flannel: pkg/subnet/kube, pkg/backend/{vxlan,wireguard,hostgw}, pkg/trafficmngr/iptables; K3s: pkg/agent/flannel).
//
// What differs on purpose: flannel.1 and flannel-wg are TUN devices, so that they have neither a MAC address nor
// entries for neighbours; VXLAN is taken only from addresses of known nodes and has an outer UDP checksum; the
// WireGuard key outlives a restart of the node; the interface stays when the program ends; and with the nodes that it
// knew last it starts even while there is no API server.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net/netip"
	"os"
	"os/signal"
	"syscall"

	corev1 "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/tools/clientcmd"
)

type options struct {
	kubeconfig, node, backend, state, cni string
	address                               netip.Addr
	cluster                               netip.Prefix
}

func main() {
	log.SetFlags(log.Ltime | log.Lmicroseconds)
	log.SetPrefix("lab-overlay: ")
	o, err := parse(os.Args[1:])
	if err == flag.ErrHelp {
		return
	}
	if err == nil {
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
		defer stop()
		err = run(ctx, o)
	}
	if err != nil {
		log.Fatal(err)
	}
}

func parse(arguments []string) (o options, err error) {
	flags := flag.NewFlagSet("lab-overlay", flag.ContinueOnError)
	flags.StringVar(&o.kubeconfig, "kubeconfig", "", "whose user may list and watch Nodes, and patch the status of its own")
	flags.StringVar(&o.node, "node-name", "", "the name of this machine's Node")
	flags.StringVar(&o.backend, "backend", "vxlan", "vxlan, wireguard-native or host-gw, as flannel-backend of K3s")
	flags.StringVar(&o.state, "state", "/var/lib/rancher/k3s/lab/overlay", "folder for its key and the nodes that it knew last")
	flags.StringVar(&o.cni, "cni-config", "", "write the CNI config of the node's pods there, as soon as their network is known")
	address := flags.String("node-ip", "", "the IPv4 address at which other nodes reach this one")
	cluster := flags.String("cluster-cidr", "10.42.0.0/16", "the network of all pods")
	if err = flags.Parse(arguments); err != nil {
		return
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("%s: there are no arguments without a flag", flags.Arg(0))
	}
	if o.node == "" {
		return o, fmt.Errorf("--node-name is missing: the name of this machine's Node")
	}
	if o.address, err = netip.ParseAddr(*address); err != nil || !o.address.Is4() {
		return o, fmt.Errorf("--node-ip %q is no IPv4 address; only IPv4 is carried", *address)
	}
	if o.cluster, err = netip.ParsePrefix(*cluster); err != nil || !o.cluster.Addr().Is4() {
		return o, fmt.Errorf("--cluster-cidr %q is no IPv4 network; it is one such as 10.42.0.0/16", *cluster)
	}
	o.cluster = o.cluster.Masked()
	if annotatedAs[o.backend] == "" {
		return o, fmt.Errorf("--backend %q is unknown; it is vxlan, wireguard-native or host-gw", o.backend)
	}
	return o, nil
}

// run carries packets until it is told to end.
func run(ctx context.Context, o options) error {
	if err := os.MkdirAll(o.state, 0o700); err != nil {
		return err
	}
	config, err := clientcmd.BuildConfigFromFlags("", o.kubeconfig)
	if err != nil {
		return err
	}
	client, err := corev1.NewForConfig(config)
	if err != nil {
		return err
	}
	backend, err := newBackend(o)
	if err != nil {
		return err
	}
	n := &network{options: o, backend: backend, api: client.Nodes()}
	if err := n.removeOthers(); err != nil {
		return err
	}
	known, err := loadKnown(o)
	if err != nil {
		log.Printf("what it knew last is lost: %v", err)
	} else if known.Subnet.IsValid() {
		if err := n.apply(known); err != nil {
			return err
		}
	}
	go n.keepRules(ctx)
	return watchNodes(ctx, client.Nodes(), n.follow)
}
