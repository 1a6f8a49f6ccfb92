// lab-netpol: a small NetworkPolicy (networking.k8s.io/v1) enforcer for one node, IPv4, nftables, which does what the
// kube-router inside K3s does: it refuses with a reject, and it knows a new pod late.
// Watches pods, namespaces, policies; on change writes one atomic `nft -f -` transaction (table inet lab_netpol).
package main

import (
	"bytes"
	"context"
	"flag"
	"log"
	"os/exec"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

func main() {
	kc := flag.String("kubeconfig", "", "kubeconfig; empty = in-cluster")
	flag.Parse()
	cfg, err := clientcmd.BuildConfigFromFlags("", *kc)
	if err != nil {
		log.Fatal(err)
	}
	f := informers.NewSharedInformerFactory(kubernetes.NewForConfigOrDie(cfg), 0)
	kick := make(chan struct{}, 1)
	poke := func() {
		select {
		case kick <- struct{}{}:
		default:
		}
	}
	h := cache.ResourceEventHandlerFuncs{AddFunc: func(any) { poke() }, UpdateFunc: func(any, any) { poke() }, DeleteFunc: func(any) { poke() }}
	for _, i := range []cache.SharedIndexInformer{f.Core().V1().Pods().Informer(), f.Core().V1().Namespaces().Informer(), f.Networking().V1().NetworkPolicies().Informer()} {
		i.AddEventHandler(h)
	}
	knowledge := &knowledge{}
	c := &ctl{f.Core().V1().Pods().Lister(), f.Core().V1().Namespaces().Lister(), f.Networking().V1().NetworkPolicies().Lister(),
		func(p *corev1.Pod) bool { return knowledge.has(p) }}
	ctx := context.Background()
	f.Start(ctx.Done())
	f.WaitForCacheSync(ctx.Done())
	last := ""
	later := time.NewTimer(0)
	for {
		select {
		case <-kick:
		case <-later.C:
		}
		time.Sleep(50 * time.Millisecond)
		pods, _ := c.pods.List(labels.Everything())
		if wait, some := knowledge.learn(pods, time.Now()); some {
			later.Reset(wait)
		}
		s := c.render()
		if s == last {
			continue
		}
		cmd := exec.Command("nft", "-f", "-")
		cmd.Stdin = bytes.NewBufferString(s)
		if o, err := cmd.CombinedOutput(); err != nil {
			log.Printf("nft: %v\n%s\n%s", err, o, s)
			time.Sleep(time.Second)
			poke()
			continue
		}
		log.Printf("applied %d bytes", len(s))
		last = s
	}
}
