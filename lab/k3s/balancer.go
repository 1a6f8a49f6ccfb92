package main

import (
	"context"
	"encoding/json"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// Where K3s keeps the servers that an agent knows.
const balancerFile = agentEtc + "/k3s-agent-load-balancer.json"

// balancer is an agent's way to the API: the first server that takes a connection, of all that the cluster has (source:
// K3s, pkg/agent/loadbalancer).
type balancer struct {
	mutex   sync.Mutex
	servers []string
}

func startBalancer(ctx context.Context, p *plan) error {
	b := &balancer{servers: []string{p.Server}}
	var known []string
	if content, err := os.ReadFile(balancerFile); err == nil && json.Unmarshal(content, &known) == nil {
		b.take(known)
	}
	listener, err := net.Listen("tcp4", "127.0.0.1:"+agentRole.apiPort())
	if err != nil {
		return err
	}
	go b.follow(ctx)
	acceptAll(ctx, listener, func(connection net.Conn) { b.carry(connection.(*net.TCPConn)) })
	return nil
}

func (b *balancer) carry(connection *net.TCPConn) {
	for _, server := range b.all() {
		target, err := net.DialTimeout("tcp4", server, 2*time.Second)
		if err == nil {
			b.prefer(server)
			splice(connection, target.(*net.TCPConn))
			return
		}
	}
	_ = connection.Close()
}

func (b *balancer) all() []string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return slices.Clone(b.servers)
}

// prefer puts the server first that answered last.
func (b *balancer) prefer(server string) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if at := slices.Index(b.servers, server); at > 0 {
		b.servers = slices.Concat([]string{server}, b.servers[:at], b.servers[at+1:])
	}
}

// take has the given servers and no others, those that are known already in their order.
func (b *balancer) take(servers []string) {
	if len(servers) == 0 {
		return
	}
	b.mutex.Lock()
	defer b.mutex.Unlock()
	kept := slices.DeleteFunc(slices.Clone(b.servers), func(server string) bool { return !slices.Contains(servers, server) })
	for _, server := range servers {
		if !slices.Contains(kept, server) {
			kept = append(kept, server)
		}
	}
	b.servers = kept
}

// follow asks the cluster which servers there are.
func (b *balancer) follow(ctx context.Context) {
	for ; ctx.Err() == nil; time.Sleep(15 * time.Second) {
		output, err := agentRole.kubectlAs("client-kube-proxy", "get", "endpointslices", "--namespace=default",
			"--selector=kubernetes.io/service-name=kubernetes", "-o", "jsonpath={.items[*].endpoints[*].addresses[*]}")
		if err != nil {
			continue
		}
		var servers []string
		for _, address := range strings.Fields(output) {
			servers = append(servers, net.JoinHostPort(address, "6443"))
		}
		slices.Sort(servers)
		b.take(servers)
		if content, err := json.Marshal(servers); err == nil && len(servers) > 0 {
			_ = writeFile(balancerFile, content, 0o600)
		}
	}
}
