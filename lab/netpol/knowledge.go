package main

import (
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
)

// delay is how long a pod has had its address before any rule knows it. kube-router asks for a sync at that moment and
// writes all rules again; until that has ended, the sets of the peers are without the new pod. Five pods on K3s
// v1.34.4+k3s1 were refused for 294 to 1818 ms; here it is always the longest, in full seconds.
const delay = 2 * time.Second

type meeting struct {
	address string
	known   time.Time // from when on
}

// knowledge is which pods the rules are made for. Not for use by two at once.
type knowledge struct {
	met map[types.UID]meeting
	now time.Time
}

// learn takes note of the pods that there are at a time, and says how long it is until it knows the next one of them,
// if it does not know all. Those that it finds at its start it knows, as kube-router does after its first sync.
func (k *knowledge) learn(pods []*corev1.Pod, now time.Time) (wait time.Duration, some bool) {
	known := now.Add(delay)
	if k.met == nil {
		known = now
	}
	met := map[types.UID]meeting{}
	for _, p := range pods {
		if !live(p) {
			continue
		}
		m, ok := k.met[p.UID]
		if !ok || m.address != p.Status.PodIP {
			m = meeting{p.Status.PodIP, known}
		}
		met[p.UID] = m
		if left := m.known.Sub(now); left > 0 && (!some || left < wait) {
			wait, some = left, true
		}
	}
	k.met, k.now = met, now
	return
}

// has tells whether a pod was known when learn was last called.
func (k *knowledge) has(p *corev1.Pod) bool {
	m, ok := k.met[p.UID]
	return ok && m.address == p.Status.PodIP && !m.known.After(k.now)
}
