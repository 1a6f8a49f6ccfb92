package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

const (
	appliedFile = "/run/k3s/applied.json"
	readyLimit  = 4 * time.Minute
)

// service is the name of K3s' systemd unit.
func (r role) service() string {
	if r == agentRole {
		return "k3s-agent.service"
	}
	return "k3s.service"
}

// As K3s' own: a stop leaves the pods running.
const unit = `[Unit]
Description=Kubernetes of the lab, instead of K3s
After=network-online.target
Wants=network-online.target

[Service]
Type=notify
ExecStart=` + bundle + `/bin/lab-k3s supervise
ExecReload=/bin/kill -HUP $MAINPID
KillMode=process
Delegate=yes
LimitNOFILE=1048576
LimitNPROC=infinity
LimitCORE=infinity
TasksMax=infinity
TimeoutStartSec=0
Restart=always
RestartSec=5s

[Install]
WantedBy=multi-user.target
`

func install(as role) error {
	if err := checkVersion(os.Getenv("INSTALL_K3S_VERSION")); err != nil {
		return err
	}
	c, err := loadConfig(as)
	if err != nil {
		return problem("the config of K3s is not valid", err.Error(), "correct "+configFile+" and run this again")
	}
	wanted, err := write(c)
	if err != nil {
		return err
	}
	if c.snapshotsRequested {
		fmt.Println("etcd snapshots are not scheduled in the lab")
	}
	running := exec.Command("systemctl", "is-active", "--quiet", as.service()).Run() == nil
	applied, err := os.ReadFile(appliedFile)
	switch {
	case !running:
		fmt.Println("starting Kubernetes")
		err = run("systemctl", "restart", "--no-block", as.service())
	case err != nil || !bytes.Equal(applied, wanted):
		fmt.Println("the config has changed: restarting what it is about")
		err = run("systemctl", "reload", as.service())
	default:
		fmt.Println("unchanged")
	}
	if err != nil {
		return err
	}
	return waitUntilReady(c, wanted)
}

// checkVersion compares the wanted release of K3s with the Kubernetes that is here: the minor
// version has to be the same, the patch need not be.
func checkVersion(wanted string) error {
	if wanted == "" {
		return nil
	}
	output, err := exec.Command(binaries+"kubectl", "version", "--client", "-o", "json").Output()
	if err != nil {
		return fmt.Errorf("kubectl version: %w", err)
	}
	var version struct{ ClientVersion struct{ GitVersion string } }
	if err := json.Unmarshal(output, &version); err != nil {
		return err
	}
	minor := regexp.MustCompile(`^v\d+\.\d+\.`)
	have := version.ClientVersion.GitVersion
	if minor.FindString(wanted) != minor.FindString(have) {
		return problem("K3s "+wanted+" cannot be had in the lab", "the lab's Kubernetes is "+have,
			"set nordfaas:k3s.version of the lab's stack to a "+minor.FindString(have)+"x release")
	}
	return nil
}

// write leaves every file that the cluster is made of, and gives the plan as the supervisor reads it.
func write(c *config) ([]byte, error) {
	if c.server != "" {
		if err := join(c); err != nil {
			return nil, err
		}
	}
	if c.role == serverRole {
		if err := writeServer(c); err != nil {
			return nil, err
		}
	}
	p, err := makePlan(c)
	if err != nil {
		return nil, err
	}
	wanted, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return nil, err
	}
	if err := writeFile(planFile, wanted, 0o600); err != nil {
		return nil, err
	}
	if c.role == serverRole {
		admin, err := serverRole.kubeconfig("client-admin")
		if err != nil {
			return nil, err
		}
		if err := writeFile(adminConfig, admin, c.kubeconfigMode); err != nil {
			return nil, err
		}
	}
	for _, name := range []string{"kubectl", "lab-k3s"} {
		link := "/usr/local/bin/" + name
		if target, _ := os.Readlink(link); target != binaries+name {
			_ = os.Remove(link)
			if err := os.Symlink(binaries+name, link); err != nil {
				return nil, err
			}
		}
	}
	if err := writeFile("/etc/systemd/system/"+c.role.service(), []byte(unit), 0o644); err != nil {
		return nil, err
	}
	if err := run("systemctl", "daemon-reload"); err != nil {
		return nil, err
	}
	return wanted, run("systemctl", "enable", "--quiet", c.role.service())
}

// writeServer leaves the tokens, the authorities, the certificates and the place in etcd of a server.
func writeServer(c *config) error {
	if err := keepToken(c.token); err != nil {
		return err
	}
	if err := makePKI(c); err != nil {
		return err
	}
	if err := writeTokens(c); err != nil {
		return err
	}
	if c.server != "" {
		return nil
	}
	return makeFirstMember(c)
}

// keepToken remembers the token that the cluster was made with. K3s encrypts its own data with it
// and does not start with another one.
func keepToken(token string) error {
	const path = dataFolder + "/server/token"
	kept, err := os.ReadFile(path)
	switch {
	case err == nil && token != "" && secretOf(strings.TrimSpace(string(kept))) != secretOf(token):
		return problem("the token is not the one that this cluster was made with", "K3s does not start with another token",
			"restore the old one, or take the lab down and up again for a new cluster")
	case err == nil || token == "":
		return nil
	}
	return writeFile(path, []byte(secretOf(token)+"\n"), 0o600)
}

// writeTokens gives the tokens in full, for nodes that join (source: K3s, pkg/server/server.go,
// printTokens).
func writeTokens(c *config) error {
	certificate, err := os.ReadFile(tlsPath("server-ca.crt"))
	if err != nil {
		return err
	}
	for _, token := range []struct{ name, user, secret string }{
		{"token", "server", secretOf(c.token)},
		{"agent-token", "node", secretOf(c.agentToken)},
	} {
		if token.secret == "" {
			continue
		}
		full := fullToken(certificate, token.user, token.secret)
		if err := writeFile(dataFolder+"/server/"+token.name, []byte(full+"\n"), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// fullToken names the CA by its hash. For one certificate that is the hash of the file (source: K3s,
// pkg/clientaccess/token.go, hashCA).
func fullToken(certificate []byte, user, secret string) string {
	return fmt.Sprintf("K10%x::%s:%s", sha256.Sum256(certificate), user, secret)
}

// secretOf takes a token in either form.
func secretOf(token string) string {
	if _, credentials, found := strings.Cut(token, "::"); found && strings.HasPrefix(token, "K10") {
		_, secret, _ := strings.Cut(credentials, ":")
		return secret
	}
	return token
}

// waitUntilReady waits until the supervisor runs the wanted plan, the node reports Ready and the
// default service account is there, without which the first pods would be refused.
func waitUntilReady(c *config, wanted []byte) error {
	deadline, told, last := time.Now().Add(readyLimit), time.Now(), ""
	for time.Now().Before(deadline) {
		if applied, err := os.ReadFile(appliedFile); err != nil || !bytes.Equal(applied, wanted) {
			last = "the components are starting"
		} else {
			output, err := c.role.kubectl("get", "node", c.nodeName, "-o",
				`jsonpath={.status.conditions[?(@.type=="Ready")].status} {.status.conditions[?(@.type=="Ready")].message}`)
			if err == nil && strings.HasPrefix(output, "True") && (c.role == agentRole || exists("serviceaccount", "default")) {
				fmt.Printf("node %s is ready\n", c.nodeName)
				return nil
			}
			last = strings.TrimSpace(output)
		}
		if time.Since(told) > 20*time.Second {
			fmt.Printf("waiting: %s\n", firstLine(last))
			told = time.Now()
		}
		time.Sleep(300 * time.Millisecond)
	}
	return problem(fmt.Sprintf("node %s is not ready after %s", c.nodeName, readyLimit),
		last+"\n"+logTails(), "correct the config, or look at "+logFolder)
}

func exists(kind, name string) bool {
	_, err := serverRole.kubectl("get", kind, name)
	return err == nil
}

func firstLine(text string) string { line, _, _ := strings.Cut(text, "\n"); return line }

// logTails gives the last lines of the components that said something of late.
func logTails() string {
	var text strings.Builder
	files, _ := filepath.Glob(logFolder + "/*.log")
	for _, file := range files {
		if output, err := exec.Command("tail", "-n", "4", file).Output(); err == nil && len(output) > 0 {
			fmt.Fprintf(&text, "%s:\n%s", filepath.Base(file), output)
		}
	}
	return text.String()
}

// kubectl acts as the administrator, and on an agent as its kubelet.
func (r role) kubectl(arguments ...string) (string, error) {
	if r == agentRole {
		return r.kubectlAs("client-kubelet", arguments...)
	}
	return kubectlWith(adminConfig, arguments...)
}

func (r role) kubectlAs(client string, arguments ...string) (string, error) {
	return kubectlWith(r.access(client), arguments...)
}

func kubectlWith(access string, arguments ...string) (string, error) {
	output, err := exec.Command(binaries+"kubectl",
		append([]string{"--kubeconfig", access, "--request-timeout", "10s"}, arguments...)...).CombinedOutput()
	return string(output), err
}

func run(name string, arguments ...string) error {
	if output, err := exec.Command(name, arguments...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w: %s", name, strings.Join(arguments, " "), err, bytes.TrimSpace(output))
	}
	return nil
}

func interfaceAddresses() ([]netip.Addr, error) {
	found, err := net.InterfaceAddrs()
	if err != nil {
		return nil, err
	}
	var addresses []netip.Addr
	for _, entry := range found {
		if prefix, err := netip.ParsePrefix(entry.String()); err == nil {
			addresses = append(addresses, prefix.Addr())
		}
	}
	return addresses, nil
}
