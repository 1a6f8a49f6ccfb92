package main

import (
	"os/exec"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	netv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
	corelist "k8s.io/client-go/listers/core/v1"
	netlist "k8s.io/client-go/listers/networking/v1"
	"k8s.io/client-go/tools/cache"
)

var start = time.Unix(1_000_000, 0)

// cluster is a namespace in which backup may connect to postgres at port 5432, and nobody else to anybody.
type cluster struct {
	pods, nss, pols cache.Indexer
	knowledge       knowledge
}

func newCluster() *cluster {
	index := func() cache.Indexer {
		return cache.NewIndexer(cache.MetaNamespaceKeyFunc, cache.Indexers{cache.NamespaceIndex: cache.MetaNamespaceIndexFunc})
	}
	c := &cluster{pods: index(), nss: index(), pols: index()}
	c.nss.Add(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "db"}})
	c.pols.Add(policy("default-deny", nil, nil, nil))
	c.pols.Add(policy("postgres", app("postgres"), app("backup"), nil))
	c.pols.Add(policy("backup", app("backup"), nil, app("postgres")))
	return c
}

func app(name string) map[string]string { return map[string]string{"app": name} }

func policy(name string, of, from, to map[string]string) *netv1.NetworkPolicy {
	port := intstr.FromInt32(5432)
	ports := []netv1.NetworkPolicyPort{{Port: &port}}
	peers := func(labels map[string]string) []netv1.NetworkPolicyPeer {
		return []netv1.NetworkPolicyPeer{{PodSelector: &metav1.LabelSelector{MatchLabels: labels}}}
	}
	p := &netv1.NetworkPolicy{
		ObjectMeta: metav1.ObjectMeta{Namespace: "db", Name: name, UID: types.UID(name)},
		Spec: netv1.NetworkPolicySpec{
			PodSelector: metav1.LabelSelector{MatchLabels: of},
			PolicyTypes: []netv1.PolicyType{netv1.PolicyTypeIngress, netv1.PolicyTypeEgress},
		},
	}
	if from != nil {
		p.Spec.Ingress = []netv1.NetworkPolicyIngressRule{{From: peers(from), Ports: ports}}
	}
	if to != nil {
		p.Spec.Egress = []netv1.NetworkPolicyEgressRule{{To: peers(to), Ports: ports}}
	}
	return p
}

func (c *cluster) pod(name, address string) {
	c.pods.Update(&corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: "db", Name: name, UID: types.UID(name), Labels: app(name)},
		Status:     corev1.PodStatus{PodIP: address, Phase: corev1.PodRunning},
	})
}

func (c *cluster) at(t *testing.T, after time.Duration) (rules string, wait time.Duration, some bool) {
	t.Helper()
	ctl := &ctl{corelist.NewPodLister(c.pods), corelist.NewNamespaceLister(c.nss), netlist.NewNetworkPolicyLister(c.pols), c.knowledge.has}
	var pods []*corev1.Pod
	for _, it := range c.pods.List() {
		pods = append(pods, it.(*corev1.Pod))
	}
	wait, some = c.knowledge.learn(pods, start.Add(after))
	return ctl.render(), wait, some
}

// chain is the rules of one, without indentation and empty lines.
func chain(t *testing.T, rules, name string) []string {
	t.Helper()
	_, rest, found := strings.Cut(rules, " chain "+name+" {")
	if !found {
		return nil
	}
	body, _, _ := strings.Cut(rest, "\n }")
	var lines []string
	for _, line := range strings.Split(body, "\n")[1:] {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

func same(t *testing.T, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

const (
	letsBackupIn   = "ip saddr { 10.42.0.2 } tcp dport 5432 return"
	letsBackupGo   = "ip daddr 10.42.0.1 tcp dport 5432 return"
	refusesTheRest = "counter reject"
)

func TestWhatNoPolicyAllowsIsRefusedAtOnce(t *testing.T) {
	c := newCluster()
	c.pod("postgres", "10.42.0.1")
	rules, _, _ := c.at(t, 0)
	same(t, chain(t, rules, "in_postgres"), refusesTheRest)
	same(t, chain(t, rules, "eg_postgres"), refusesTheRest)
	if strings.Contains(rules, "drop") {
		t.Errorf("kube-router drops nothing that a policy forbids:\n%s", rules)
	}
}

func TestPodsOfTheStartAreKnownAtOnce(t *testing.T) {
	c := newCluster()
	c.pod("postgres", "10.42.0.1")
	c.pod("backup", "10.42.0.2")
	rules, _, some := c.at(t, 0)
	same(t, chain(t, rules, "in_postgres"), letsBackupIn, refusesTheRest)
	same(t, chain(t, rules, "eg_backup"), letsBackupGo, refusesTheRest)
	if some {
		t.Error("there is nothing to wait for")
	}
}

func TestNewPodIsRefusedByItsPeersForTwoSeconds(t *testing.T) {
	c := newCluster()
	c.pod("postgres", "10.42.0.1")
	c.at(t, 0)
	c.pod("backup", "10.42.0.2")

	rules, wait, some := c.at(t, time.Minute)
	same(t, chain(t, rules, "in_postgres"), refusesTheRest)
	if !some || wait != 2*time.Second {
		t.Errorf("waits %v, %v", wait, some)
	}
	rules, wait, _ = c.at(t, time.Minute+1999*time.Millisecond)
	same(t, chain(t, rules, "in_postgres"), refusesTheRest)
	if wait != time.Millisecond {
		t.Errorf("waits %v", wait)
	}

	rules, _, some = c.at(t, time.Minute+2*time.Second)
	same(t, chain(t, rules, "in_postgres"), letsBackupIn, refusesTheRest)
	if some {
		t.Error("there is nothing to wait for any more")
	}
}

func TestNothingHoldsANewPodItselfBackYet(t *testing.T) {
	c := newCluster()
	c.at(t, 0)
	c.pod("backup", "10.42.0.2")
	rules, _, _ := c.at(t, time.Minute)
	if strings.Contains(rules, "10.42.0.2") {
		t.Errorf("the rules know the pod:\n%s", rules)
	}
}

func TestNewPodIsNoTargetOfItsPeersForTwoSeconds(t *testing.T) {
	c := newCluster()
	c.pod("backup", "10.42.0.2")
	c.at(t, 0)
	c.pod("postgres", "10.42.0.1")

	rules, _, _ := c.at(t, time.Minute)
	same(t, chain(t, rules, "eg_backup"), refusesTheRest)

	rules, _, _ = c.at(t, time.Minute+2*time.Second)
	same(t, chain(t, rules, "eg_backup"), letsBackupGo, refusesTheRest)
}

func TestPodWithoutAnAddressIsNotMetYet(t *testing.T) {
	c := newCluster()
	c.pod("postgres", "10.42.0.1")
	c.at(t, 0)
	c.pod("backup", "")
	if _, _, some := c.at(t, time.Minute); some {
		t.Error("waits for a pod without an address")
	}
	c.pod("backup", "10.42.0.2")
	rules, _, _ := c.at(t, time.Hour)
	same(t, chain(t, rules, "in_postgres"), refusesTheRest)
}

func TestPodWithAnotherAddressIsNewAgain(t *testing.T) {
	c := newCluster()
	c.pod("postgres", "10.42.0.1")
	c.pod("backup", "10.42.0.9")
	c.at(t, 0)
	c.pod("backup", "10.42.0.2")
	rules, _, _ := c.at(t, time.Minute)
	same(t, chain(t, rules, "in_postgres"), refusesTheRest)
}

func TestNftTakesTheRules(t *testing.T) {
	if _, err := exec.LookPath("nft"); err != nil {
		t.Skip("there is no nft here")
	}
	c := newCluster()
	c.pod("postgres", "10.42.0.1")
	c.pod("backup", "10.42.0.2")
	rules, _, _ := c.at(t, 0)
	cmd := exec.Command("nft", "--check", "--file", "-")
	cmd.Stdin = strings.NewReader(rules)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s\n%s", err, out, rules)
	}
}

func TestEgressToANetworkLeavesOutItsExceptions(t *testing.T) {
	c := newCluster()
	p := policy("client", app("client"), nil, app("postgres"))
	p.Spec.Egress[0].To = []netv1.NetworkPolicyPeer{{IPBlock: &netv1.IPBlock{
		CIDR:   "0.0.0.0/0",
		Except: []string{"169.254.0.0/16", "10.42.0.0/16"},
	}}}
	c.pols.Add(p)
	c.pod("client", "10.42.0.9")
	rules, _, _ := c.at(t, 0)
	same(t, chain(t, rules, "eg_client"),
		"ip daddr 0.0.0.0/0 ip daddr != { 10.42.0.0/16, 169.254.0.0/16 } tcp dport 5432 return", refusesTheRest)
}
