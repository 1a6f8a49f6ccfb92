package main

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"strings"
)

const (
	bundle       = "/usr/local/lib/lab" // what lab/build made
	binaries     = bundle + "/bin/"
	dataFolder   = "/var/lib/rancher/k3s"
	agentEtc     = dataFolder + "/agent/etc"
	imagesFolder = dataFolder + "/agent/images"
	planFile     = dataFolder + "/lab/plan.json"
	socket       = "/run/k3s/containerd/containerd.sock"
	adminConfig  = "/etc/rancher/k3s/k3s.yaml"
	registry     = "lab.nordfaas.dev"
)

// plan says what the supervisor has to run. Its comparison with the plan before tells what has to
// start again.
type plan struct {
	Role       role        `json:"role"`
	Components []component `json:"components"`
	Disable    []string    `json:"disable"`
	// Nodes reach services from their own network namespace through this route.
	ServiceCIDR string `json:"serviceCIDR"`
	ClusterCIDR string `json:"clusterCIDR"`
	NodeIP      string `json:"nodeIP"`
	NodeName    string `json:"nodeName"`
	ClusterDNS  string `json:"clusterDNS"`
	// How packets of pods get from node to node.
	FlannelBackend string `json:"flannelBackend"`
	// The server that an agent has joined, until the cluster has told it of all.
	Server string `json:"server"`
}

type component struct {
	Name    string   `json:"name"`
	Command []string `json:"command"`
	// Digest of the files that the component reads at its start.
	Files string `json:"files"`
	// Whether the component has to wait for the API server.
	NeedsAPI bool `json:"needsAPI"`
}

// makePlan writes every component's files and says how to run it.
func makePlan(c *config) (*plan, error) {
	p := &plan{
		Role: c.role, Disable: c.disable, ServiceCIDR: c.serviceCIDR.String(), ClusterCIDR: c.clusterCIDR.String(),
		NodeIP: c.nodeIP.String(), NodeName: c.nodeName, ClusterDNS: c.clusterDNS.String(),
		FlannelBackend: c.flannelBackend, Server: c.server,
	}
	makers := []func(*config) (component, error){containerd, kubelet, kubeProxy, networkPolicies, overlay}
	if c.role == serverRole {
		makers = append([]func(*config) (component, error){etcd, apiServer, controllerManager, scheduler}, makers...)
	}
	for _, make := range makers {
		made, err := make(c)
		if err != nil {
			return nil, err
		}
		p.Components = append(p.Components, made)
	}
	return p, nil
}

// fileSet collects what a component reads.
type fileSet struct {
	hash  map[string]string
	error error
}

// write puts a file in its place and counts it in.
func (s *fileSet) write(path, content string) string {
	if err := writeFile(path, []byte(content), 0o600); err != nil && s.error == nil {
		s.error = err
	}
	return s.read(path)
}

// read counts a file in that is there already.
func (s *fileSet) read(path string) string {
	content, err := os.ReadFile(path)
	if err != nil && s.error == nil {
		s.error = err
	}
	sum := sha256.Sum256(content)
	if s.hash == nil {
		s.hash = map[string]string{}
	}
	s.hash[path] = hex.EncodeToString(sum[:])
	return path
}

// tls counts a certificate and its key in, and gives the certificate's path.
func (s *fileSet) tls(r role, name string) string {
	s.read(r.tlsPath(name + ".key"))
	return s.read(r.tlsPath(name + ".crt"))
}

func (s *fileSet) kubeconfig(r role, client string) string {
	content, err := r.kubeconfig(client)
	if err != nil && s.error == nil {
		s.error = err
	}
	return s.write(r.access(client), string(content))
}

// access is where a client's kubeconfig is; the kubelet's of an agent is where K3s has it.
func (r role) access(client string) string {
	if r == agentRole && client == "client-kubelet" {
		return dataFolder + "/agent/kubelet.kubeconfig"
	}
	return r.home() + "/cred/" + client + ".kubeconfig"
}

func (s *fileSet) component(name string, needsAPI bool, command ...string) (component, error) {
	if s.error != nil {
		return component{}, fmt.Errorf("%s: %w", name, s.error)
	}
	binary, err := os.Stat(command[0])
	if err != nil {
		return component{}, fmt.Errorf("%s: %w", name, err)
	}
	s.hash[command[0]] = fmt.Sprintf("%d %d", binary.Size(), binary.ModTime().UnixNano())
	files, err := json.Marshal(s.hash) // sorted by key
	if err != nil {
		return component{}, err
	}
	sum := sha256.Sum256(files)
	return component{Name: name, Command: command, Files: hex.EncodeToString(sum[:8]), NeedsAPI: needsAPI}, nil
}

// arguments turns the config's "key=value" into flags, and counts in the files that they name.
func (s *fileSet) arguments(c *config, component string) (flags []string) {
	for _, argument := range c.arguments[component] {
		flags = append(flags, "--"+strings.TrimLeft(argument, "-"))
		name, value, _ := strings.Cut(argument, "=")
		if strings.HasPrefix(value, "/") && (strings.HasSuffix(name, "-file") || strings.HasSuffix(name, "-config")) {
			s.read(value)
		}
	}
	return flags
}

func etcd(c *config) (component, error) {
	member, err := readMember()
	if err != nil {
		return component{}, err
	}
	files := &fileSet{}
	peer, address := files.tls(serverRole, "etcd-peer"), "https://"+c.nodeIP.String()+":2380"
	return files.component("etcd", false, "/usr/bin/etcd", "--name="+member.Name, "--data-dir="+etcdFolder,
		"--listen-client-urls=http://127.0.0.1:2379", "--advertise-client-urls=http://127.0.0.1:2379",
		"--listen-peer-urls="+address, "--initial-advertise-peer-urls="+address,
		"--peer-cert-file="+peer, "--peer-key-file="+tlsPath("etcd-peer.key"), "--peer-client-cert-auth",
		"--peer-trusted-ca-file="+files.read(tlsPath("etcd-peer-ca.crt")),
		"--initial-cluster="+member.InitialCluster, "--initial-cluster-state="+member.State,
		// As K3s has them (source: pkg/etcd/etcd.go).
		"--heartbeat-interval=500", "--election-timeout=5000",
		"--auto-compaction-retention=1h",
		"--unsafe-no-fsync", // what is lost when the machine outside loses power is a lab
		"--logger=zap", "--log-level=warn")
}

func containerd(*config) (component, error) {
	files := &fileSet{}
	configuration := files.write(agentEtc+"/containerd/config.toml", `version = 2
root = "`+dataFolder+`/agent/containerd"
state = "/run/k3s/containerd"
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs"]

[grpc]
  address = "`+socket+`"

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "`+registry+`/pause:3.10"
  disable_apparmor = true
  # Where a machine does not let its containers have a lower score than it has itself.
  restrict_oom_score_adj = true
  # As K3s has it.
  enable_unprivileged_ports = true
  enable_unprivileged_icmp = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "`+agentEtc+`/cni/net.d"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
`)
	return files.component("containerd", false, "/usr/bin/containerd", "--config", configuration)
}

func apiServer(c *config) (component, error) {
	files := &fileSet{}
	command := []string{
		binaries + "kube-apiserver",
		"--etcd-servers=http://127.0.0.1:2379",
		// Others come through the supervisor, which has the port at all other addresses.
		"--secure-port=6443", "--bind-address=127.0.0.1", "--permit-port-sharing",
		"--advertise-address=" + c.nodeIP.String(), "--service-cluster-ip-range=" + c.serviceCIDR.String(),
		"--authorization-mode=Node,RBAC", "--enable-admission-plugins=NodeRestriction", "--allow-privileged=true",
		"--client-ca-file=" + files.read(tlsPath("server-ca.crt")),
		"--tls-cert-file=" + files.tls(serverRole, "kube-apiserver"), "--tls-private-key-file=" + tlsPath("kube-apiserver.key"),
		"--service-account-issuer=https://kubernetes.default.svc.cluster.local",
		"--api-audiences=https://kubernetes.default.svc.cluster.local,k3s",
		"--service-account-key-file=" + files.read(tlsPath("service.pub")),
		"--service-account-signing-key-file=" + files.read(tlsPath("service.key")),
		"--kubelet-client-certificate=" + files.tls(serverRole, "client-kube-apiserver"),
		"--kubelet-client-key=" + tlsPath("client-kube-apiserver.key"),
		"--kubelet-certificate-authority=" + tlsPath("server-ca.crt"), "--kubelet-preferred-address-types=InternalIP",
		"--requestheader-client-ca-file=" + files.read(tlsPath("request-header-ca.crt")),
		"--requestheader-allowed-names=system:auth-proxy",
		"--requestheader-extra-headers-prefix=X-Remote-Extra-", "--requestheader-group-headers=X-Remote-Group",
		"--requestheader-username-headers=X-Remote-User",
		"--proxy-client-cert-file=" + files.tls(serverRole, "client-auth-proxy"),
		"--proxy-client-key-file=" + tlsPath("client-auth-proxy.key"),
		"--profiling=false",
	}
	encryption, err := encryptionConfig(c.secretsEncryption)
	if err != nil {
		return component{}, err
	}
	if encryption != "" {
		command = append(command, "--encryption-provider-config="+files.read(encryption))
	}
	return files.component("kube-apiserver", false, append(command, files.arguments(c, "kube-apiserver")...)...)
}

// encryptionConfig gives the file that has the API server encrypt Secrets in etcd, and none if that
// was never asked for. Once there is a key it stays, so that what it encrypted can be read.
func encryptionConfig(wanted bool) (string, error) {
	const path = dataFolder + "/server/cred/encryption-config.json"
	keyFile := dataFolder + "/server/cred/encryption.key"
	encoded, err := os.ReadFile(keyFile)
	if os.IsNotExist(err) {
		if !wanted {
			return "", nil
		}
		random := make([]byte, 32)
		if _, err := rand.Read(random); err != nil {
			return "", err
		}
		encoded = []byte(base64.StdEncoding.EncodeToString(random))
		err = writeFile(keyFile, encoded, 0o600)
	}
	if err != nil {
		return "", err
	}
	providers := []any{
		map[string]any{"aescbc": map[string]any{"keys": []any{map[string]string{"name": "lab", "secret": string(encoded)}}}},
		map[string]any{"identity": map[string]any{}},
	}
	if !wanted { // the first one writes
		providers[0], providers[1] = providers[1], providers[0]
	}
	content, err := json.MarshalIndent(map[string]any{
		"kind": "EncryptionConfiguration", "apiVersion": "apiserver.config.k8s.io/v1",
		"resources": []any{map[string]any{"resources": []string{"secrets"}, "providers": providers}},
	}, "", "  ")
	if err != nil {
		return "", err
	}
	return path, writeFile(path, content, 0o600)
}

// Shorter than the default 15 s, which every restart of the only server would wait for.
var election = []string{"--leader-elect-lease-duration=6s", "--leader-elect-renew-deadline=5s", "--leader-elect-retry-period=1s"}

func controllerManager(c *config) (component, error) {
	files := &fileSet{}
	access := files.kubeconfig(serverRole, "client-controller")
	command := []string{
		binaries + "kube-controller-manager", "--kubeconfig=" + access,
		"--authentication-kubeconfig=" + access, "--authorization-kubeconfig=" + access,
		"--cluster-cidr=" + c.clusterCIDR.String(), "--allocate-node-cidrs=true",
		"--service-cluster-ip-range=" + c.serviceCIDR.String(),
		"--root-ca-file=" + files.read(tlsPath("server-ca.crt")),
		"--service-account-private-key-file=" + files.read(tlsPath("service.key")),
		"--cluster-signing-cert-file=" + tlsPath("server-ca.crt"),
		"--cluster-signing-key-file=" + files.read(tlsPath("server-ca.key")),
		"--requestheader-client-ca-file=" + files.read(tlsPath("request-header-ca.crt")),
		"--client-ca-file=" + tlsPath("server-ca.crt"), "--use-service-account-credentials=true",
		"--bind-address=127.0.0.1", "--profiling=false",
	}
	command = append(command, election...)
	return files.component("kube-controller-manager", true,
		append(command, files.arguments(c, "kube-controller-manager")...)...)
}

func scheduler(c *config) (component, error) {
	files := &fileSet{}
	access := files.kubeconfig(serverRole, "client-scheduler")
	command := []string{
		binaries + "kube-scheduler", "--kubeconfig=" + access, "--authentication-kubeconfig=" + access,
		"--authorization-kubeconfig=" + access, "--bind-address=127.0.0.1", "--profiling=false",
	}
	command = append(command, election...)
	return files.component("kube-scheduler", true, append(command, files.arguments(c, "kube-scheduler")...)...)
}

func kubelet(c *config) (component, error) {
	files := &fileSet{}
	access := files.kubeconfig(c.role, "client-kubelet")
	configuration := files.write(agentEtc+"/kubelet.yaml", fmt.Sprintf(`apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: 0.0.0.0
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: %[1]s}}
authorization: {mode: Webhook}
cgroupDriver: cgroupfs
clusterDNS: [%[2]s]
clusterDomain: cluster.local
containerRuntimeEndpoint: unix://%[3]s
evictionHard: {imagefs.available: 5%%, nodefs.available: 5%%, memory.available: 100Mi}
failCgroupV1: false
failSwapOn: false
healthzBindAddress: 127.0.0.1
# There is no registry to pull an image from again.
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
protectKernelDefaults: %[4]t
resolvConf: /etc/resolv.conf
serializeImagePulls: false
# The default is a minute: so long a pod with a changed ConfigMap would wait for it, in every test of that.
syncFrequency: 10s
tlsCertFile: %[5]s
tlsPrivateKeyFile: %[6]s
`, files.read(c.role.tlsPath("server-ca.crt")), c.clusterDNS, socket, c.protectKernel,
		files.tls(c.role, "kubelet"), c.role.tlsPath("kubelet.key")))
	command := []string{
		binaries + "kubelet", "--config=" + configuration, "--kubeconfig=" + access,
		"--hostname-override=" + c.nodeName, "--node-ip=" + c.nodeIP.String(),
	}
	if len(c.nodeLabels) > 0 {
		command = append(command, "--node-labels="+strings.Join(c.nodeLabels, ","))
	}
	if len(c.nodeTaints) > 0 {
		command = append(command, "--register-with-taints="+strings.Join(c.nodeTaints, ","))
	}
	return files.component("kubelet", true, append(command, files.arguments(c, "kubelet")...)...)
}

func kubeProxy(c *config) (component, error) {
	files := &fileSet{}
	access := files.kubeconfig(c.role, "client-kube-proxy")
	// Numbers of connections are the machine's: zero leaves them alone.
	configuration := files.write(agentEtc+"/kube-proxy.yaml", fmt.Sprintf(`apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
bindAddress: 0.0.0.0
clientConnection: {kubeconfig: %s}
clusterCIDR: %s
conntrack: {maxPerCore: 0, min: 0, tcpCloseWaitTimeout: 0s, tcpEstablishedTimeout: 0s}
hostnameOverride: %s
iptables: {minSyncPeriod: 100ms}
mode: iptables
`, access, c.clusterCIDR, c.nodeName))
	return files.component("kube-proxy", true, append([]string{binaries + "kube-proxy", "--config=" + configuration},
		files.arguments(c, "kube-proxy")...)...)
}

func networkPolicies(c *config) (component, error) {
	files := &fileSet{}
	return files.component("network-policies", true, binaries+"lab-netpol",
		"--kubeconfig="+files.kubeconfig(c.role, "client-k3s-controller"))
}

func overlay(c *config) (component, error) {
	files := &fileSet{}
	return files.component("overlay", true, binaries+"lab-overlay",
		"--kubeconfig="+files.kubeconfig(c.role, "client-k3s-controller"), "--node-name="+c.nodeName,
		"--node-ip="+c.nodeIP.String(), "--cluster-cidr="+c.clusterCIDR.String(), "--backend="+c.flannelBackend,
		"--cni-config="+agentEtc+"/cni/net.d/10-lab.conflist")
}

// ownAddress is the address of the first interface that is up and not the loopback.
func ownAddress() (netip.Addr, error) {
	addresses, err := interfaceAddresses()
	if err != nil {
		return netip.Addr{}, err
	}
	for _, address := range addresses {
		if address.Is4() && !address.IsLoopback() {
			return address, nil
		}
	}
	return netip.Addr{}, fmt.Errorf("this machine has no IPv4 address; set node-ip")
}
