package main

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

const (
	configFile   = "/etc/rancher/k3s/config.yaml"
	configFolder = "/etc/rancher/k3s/config.yaml.d"
)

// config is what the lab takes from K3s' config files.
type config struct {
	disable            []string
	tlsSANs            []string
	clusterCIDR        netip.Prefix
	serviceCIDR        netip.Prefix
	clusterDNS         netip.Addr
	arguments          map[string][]string // of a component: kubelet, kube-apiserver, …
	secretsEncryption  bool
	protectKernel      bool
	nodeName           string
	nodeIP             netip.Addr
	nodeLabels         []string
	nodeTaints         []string
	kubeconfigMode     os.FileMode
	token              string
	agentToken         string
	snapshotsRequested bool
	flannelBackend     string
	role               role
	// The server to join; empty on the first one.
	server string
}

type role string

const (
	serverRole role = "server"
	agentRole  role = "agent"
)

// The keys that agents have too. K3s stops an agent that has one of a server.
var agentKeys = []string{"disable-default-registry-endpoint", "flannel-iface", "kube-proxy-arg", "kubelet-arg",
	"node-external-ip", "node-ip", "node-label", "node-name", "node-taint", "protect-kernel-defaults", "server",
	"token", "token-file"}

// A key of config.yaml. Those without a reader are accepted and change nothing in the lab.
type key struct {
	read func(c *config, value []string) error
	many bool // a list, or one value
}

func textKey(set func(c *config, value string)) key {
	return key{read: func(c *config, value []string) error { set(c, value[0]); return nil }}
}

func boolKey(set func(c *config, value bool)) key {
	return key{read: func(c *config, value []string) error {
		parsed, err := strconv.ParseBool(value[0])
		if err != nil {
			return fmt.Errorf("must be true or false, found %q", value[0])
		}
		set(c, parsed)
		return nil
	}}
}

func listKey(set func(c *config, value []string)) key {
	return key{many: true, read: func(c *config, value []string) error { set(c, value); return nil }}
}

func argumentsKey(component string) key {
	return listKey(func(c *config, value []string) { c.arguments[component] = value })
}

func prefixKey(field func(c *config) *netip.Prefix) key {
	return key{read: func(c *config, value []string) error {
		prefix, err := netip.ParsePrefix(value[0])
		if err != nil || !prefix.Addr().Is4() || prefix.Bits() > 24 {
			return fmt.Errorf("must be one IPv4 network of /24 or larger, such as 10.42.0.0/16, found %q", value[0])
		}
		*field(c) = prefix.Masked()
		return nil
	}}
}

func addressKey(field func(c *config) *netip.Addr) key {
	return key{read: func(c *config, value []string) error {
		address, err := netip.ParseAddr(value[0])
		if err != nil || !address.Is4() {
			return fmt.Errorf("must be one IPv4 address, found %q", value[0])
		}
		*field(c) = address
		return nil
	}}
}

var keys = map[string]key{
	"advertise-address":                 {}, // the lab's API server is at node-ip
	"agent-token-file":                  {read: readAgentTokenFile},
	"cluster-cidr":                      prefixKey(func(c *config) *netip.Prefix { return &c.clusterCIDR }),
	"cluster-dns":                       addressKey(func(c *config) *netip.Addr { return &c.clusterDNS }),
	"cluster-init":                      boolKey(func(*config, bool) {}), // the lab's store is always etcd
	"disable":                           {many: true, read: readDisable},
	"disable-default-registry-endpoint": {}, // it reaches no registry
	"etcd-s3":                           {},
	"etcd-s3-config-secret":             {},
	"etcd-snapshot-dir":                 {},
	"etcd-snapshot-name":                {},
	"etcd-snapshot-retention":           {},
	"etcd-snapshot-schedule-cron":       cronKey(),
	"flannel-backend":                   {read: readBackend},
	"flannel-iface":                     {read: readInterface},
	"kube-apiserver-arg":                argumentsKey("kube-apiserver"),
	"kube-controller-manager-arg":       argumentsKey("kube-controller-manager"),
	"kube-proxy-arg":                    argumentsKey("kube-proxy"),
	"kube-scheduler-arg":                argumentsKey("kube-scheduler"),
	"kubelet-arg":                       argumentsKey("kubelet"),
	"node-external-ip":                  {},
	"node-ip":                           addressKey(func(c *config) *netip.Addr { return &c.nodeIP }),
	"node-label":                        listKey(func(c *config, value []string) { c.nodeLabels = value }),
	"node-name":                         textKey(func(c *config, value string) { c.nodeName = value }),
	"node-taint":                        listKey(func(c *config, value []string) { c.nodeTaints = value }),
	"protect-kernel-defaults":           boolKey(func(c *config, value bool) { c.protectKernel = value }),
	"secrets-encryption":                boolKey(func(c *config, value bool) { c.secretsEncryption = value }),
	"server":                            {read: readServer},
	"service-cidr":                      prefixKey(func(c *config) *netip.Prefix { return &c.serviceCIDR }),
	"tls-san":                           listKey(func(c *config, value []string) { c.tlsSANs = value }),
	"token":                             textKey(func(c *config, value string) { c.token = value }),
	"token-file":                        {read: readTokenFile},
	"write-kubeconfig-mode":             {read: readMode},
}

// The parts that K3s deploys into the cluster and `disable` leaves out. The lab has no traefik and
// no servicelb to begin with.
var parts = []string{"coredns", "local-storage", "metrics-server", "servicelb", "traefik"}

func readDisable(c *config, value []string) error {
	for _, part := range value {
		if !slices.Contains(parts, part) {
			return fmt.Errorf("there is no part %q; there are %s", part, strings.Join(parts, ", "))
		}
	}
	c.disable = value
	return nil
}

func cronKey() key {
	return key{read: func(c *config, value []string) error {
		if fields := strings.Fields(value[0]); len(fields) != 5 && !strings.HasPrefix(value[0], "@") {
			return fmt.Errorf("must be a cron expression of five fields, found %q", value[0])
		}
		c.snapshotsRequested = true
		return nil
	}}
}

// Source: K3s, pkg/agent/flannel/setup.go.
func readBackend(c *config, value []string) error {
	backends := []string{"none", "vxlan", "host-gw", "wireguard-native", "tailscale"}
	if !slices.Contains(backends, value[0]) {
		return fmt.Errorf("Cannot configure unknown flannel backend '%s'", value[0])
	}
	if value[0] == "none" || value[0] == "tailscale" {
		return fmt.Errorf("the lab has no flannel backend %q; it has vxlan, host-gw and wireguard-native", value[0])
	}
	c.flannelBackend = value[0]
	return nil
}

func readInterface(_ *config, value []string) error {
	if _, err := os.Stat("/sys/class/net/" + value[0]); err != nil {
		return fmt.Errorf("this machine has no interface %q", value[0])
	}
	return nil
}

func readTokenFile(c *config, value []string) (err error) {
	c.token, err = readToken(value[0])
	return err
}

func readAgentTokenFile(c *config, value []string) (err error) {
	c.agentToken, err = readToken(value[0])
	return err
}

func readToken(file string) (string, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	token := strings.TrimSpace(string(content))
	if token == "" {
		return "", fmt.Errorf("%s is empty", file)
	}
	return token, nil
}

func readMode(c *config, value []string) error {
	mode, err := strconv.ParseUint(value[0], 8, 9)
	if err != nil {
		return fmt.Errorf("must be a file mode such as 0600, found %q", value[0])
	}
	c.kubeconfigMode = os.FileMode(mode)
	return nil
}

func readServer(c *config, value []string) error {
	parsed, err := url.Parse(value[0])
	if err != nil || parsed.Scheme != "https" || parsed.Port() == "" {
		return fmt.Errorf("must be an https URL with a port, found %q", value[0])
	}
	c.server = parsed.Host
	return nil
}

// loadConfig reads config.yaml and, over it, config.yaml.d in the order of the names, as K3s does:
// a later file's value replaces an earlier one's; "key+" appends to it.
func loadConfig(as role) (*config, error) {
	var files []string
	for _, pattern := range []string{"/*.yaml", "/*.yml"} {
		found, err := filepath.Glob(configFolder + pattern)
		if err != nil {
			return nil, err
		}
		files = append(files, found...)
	}
	sort.Strings(files)
	if _, err := os.Stat(configFile); err == nil {
		files = append([]string{configFile}, files...)
	}
	values, from := map[string][]string{}, map[string]string{}
	var problems []error
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		problems = append(problems, merge(file, content, values, from)...)
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	if as == agentRole {
		for name := range values {
			if !slices.Contains(agentKeys, name) {
				problems = append(problems, fmt.Errorf("%s: %s: an agent does not have this key", from[name], name))
			}
		}
		if len(problems) > 0 {
			return nil, errors.Join(problems...)
		}
	}
	return interpret(values, from, as)
}

func merge(file string, content []byte, values map[string][]string, from map[string]string) (problems []error) {
	raw := map[string]yaml.Node{}
	if err := yaml.Unmarshal(content, &raw); err != nil {
		return []error{fmt.Errorf("%s: %w", file, err)}
	}
	for name, value := range raw {
		name, appends := strings.CutSuffix(name, "+")
		wanted, known := keys[name]
		if !known {
			problems = append(problems, fmt.Errorf("%s: %s: the lab does not know this key; it knows %s",
				file, name, strings.Join(knownKeys(), ", ")))
			continue
		}
		texts, err := texts(&value)
		if err == nil && !wanted.many && len(texts) != 1 {
			err = errors.New("must be one value")
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %s: %w", file, name, err))
			continue
		}
		if appends {
			texts = append(slices.Clone(values[name]), texts...)
		}
		values[name], from[name] = texts, file
	}
	return problems
}

func knownKeys() (names []string) {
	for name := range keys {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// texts gives the values as K3s hands them on as arguments: a number as a number, so that 0600 without
// quotes is 384 (source: pkg/configfilearg/parser.go).
func texts(node *yaml.Node) ([]string, error) {
	switch {
	case node.Kind == yaml.ScalarNode && node.Tag != "!!null":
		var value any
		if err := node.Decode(&value); err != nil {
			return nil, err
		}
		return []string{fmt.Sprint(value)}, nil
	case node.Kind == yaml.SequenceNode:
		var all []string
		for _, entry := range node.Content {
			one, err := texts(entry)
			if err != nil {
				return nil, err
			}
			all = append(all, one...)
		}
		return all, nil
	default:
		return nil, errors.New("must be a value or a list of values")
	}
}

func interpret(values map[string][]string, from map[string]string, as role) (*config, error) {
	hostname, err := os.Hostname()
	if err != nil {
		return nil, err
	}
	c := &config{
		clusterCIDR:    netip.MustParsePrefix("10.42.0.0/16"),
		serviceCIDR:    netip.MustParsePrefix("10.43.0.0/16"),
		nodeName:       strings.ToLower(hostname),
		kubeconfigMode: 0o600,
		arguments:      map[string][]string{},
		flannelBackend: "vxlan",
		role:           as,
	}
	var problems []error
	for _, name := range knownKeys() {
		if value, given := values[name]; given && keys[name].read != nil && len(value) > 0 {
			if err := keys[name].read(c, value); err != nil {
				problems = append(problems, fmt.Errorf("%s: %s: %w", from[name], name, err))
			}
		}
	}
	if !c.nodeIP.IsValid() {
		c.nodeIP, err = ownAddress()
		problems = append(problems, err)
	}
	if !c.clusterDNS.IsValid() {
		c.clusterDNS = nth(c.serviceCIDR, 10)
	}
	if as == agentRole && (c.server == "" || c.token == "") {
		problems = append(problems, errors.New("an agent needs server and token-file: the cluster that it joins"))
	}
	if c.server != "" && c.token == "" {
		problems = append(problems, errors.New("token-file: a server that joins another needs its token"))
	}
	if c.clusterCIDR.Overlaps(c.serviceCIDR) {
		problems = append(problems, fmt.Errorf("cluster-cidr %s and service-cidr %s overlap", c.clusterCIDR, c.serviceCIDR))
	}
	return c, errors.Join(problems...)
}

// nth gives an address of a network, counted from its first.
func nth(network netip.Prefix, n int) netip.Addr {
	address := network.Addr()
	for range n {
		address = address.Next()
	}
	return address
}
