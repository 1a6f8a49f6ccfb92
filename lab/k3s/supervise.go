package main

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"log"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"text/template"
	"time"
)

const (
	logFolder       = "/var/log/lab-k3s"
	manifestsFolder = dataFolder + "/server/manifests"
	largestLog      = 32 << 20
)

//go:embed manifests/*.yaml
var manifests embed.FS

// supervise runs the plan until it is told to stop, and runs it again, as far as it has changed, when
// it is told to read it again.
func supervise() error {
	log.SetFlags(0) // the journal has the time
	_ = os.Unsetenv("NOTIFY_SOCKET")
	for _, folder := range []string{logFolder, filepath.Dir(appliedFile), imagesFolder} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
	}
	_ = os.Remove(appliedFile)
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGHUP, syscall.SIGTERM, syscall.SIGINT)
	s := &supervisor{running: map[string]*process{}, images: newImages()}
	ctx, stop := context.WithCancel(context.Background())
	changed := make(chan struct{}, 1)
	changed <- struct{}{}
	go func() {
		for got := range signals {
			if got == syscall.SIGHUP {
				select {
				case changed <- struct{}{}:
				default: // it is going to be read anyway
				}
				continue
			}
			stop()
			return
		}
	}()
	go s.images.watch(ctx)
	if err := s.serve(ctx); err != nil {
		return err
	}
	for {
		select {
		case <-ctx.Done():
			s.stopAll()
			return nil
		case <-changed:
			if err := s.apply(ctx); err != nil && ctx.Err() == nil {
				s.stopAll()
				return err
			}
		}
	}
}

type supervisor struct {
	running map[string]*process
	images  *images
}

// serve begins what a role has besides its components, for as long as the supervisor runs.
func (s *supervisor) serve(ctx context.Context) error {
	p, _, err := readPlan()
	if err != nil {
		return err
	}
	if p.Role == agentRole {
		return startBalancer(ctx, p)
	}
	go tendMembers(ctx)
	go watchCharts(ctx)
	return startDoor(ctx)
}

func readPlan() (*plan, []byte, error) {
	content, err := os.ReadFile(planFile)
	if err != nil {
		return nil, nil, err
	}
	var p plan
	if err := json.Unmarshal(content, &p); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", planFile, err)
	}
	return &p, content, nil
}

func (s *supervisor) apply(ctx context.Context) error {
	p, content, err := readPlan()
	if err != nil {
		return err
	}
	if err := prepareNetwork(p); err != nil {
		return err
	}
	// Last started, first stopped.
	for _, wanted := range slices.Backward(p.Components) {
		if running, ok := s.running[wanted.Name]; ok && !running.is(wanted) {
			log.Printf("%s: its config has changed", wanted.Name)
			running.stop()
			delete(s.running, wanted.Name)
		}
	}
	for _, needsAPI := range []bool{false, true} {
		for _, wanted := range p.Components {
			if s.running[wanted.Name] == nil && wanted.NeedsAPI == needsAPI {
				s.running[wanted.Name] = start(wanted)
				if wanted.Name == "etcd" {
					waitUntilVoter(ctx) // a learner answers no API server
				}
			}
		}
		if needsAPI {
			break
		}
		if err := waitForAPI(ctx, p.Role); err != nil {
			return err
		}
		// A kubelet that starts before an image is there looks for it in registries, slower each time.
		s.images.waitForAll(ctx)
	}
	if err := writeFile(appliedFile, content, 0o600); err != nil {
		return err
	}
	notifySystemd("READY=1")
	if p.Role == agentRole {
		return nil
	}
	return deploy(ctx, p)
}

// stopAll ends the components and leaves the pods alone.
func (s *supervisor) stopAll() {
	notifySystemd("STOPPING=1")
	var group sync.WaitGroup
	for _, process := range s.running {
		group.Add(1)
		go func() { defer group.Done(); process.stop() }()
	}
	group.Wait()
	_ = os.Remove(appliedFile)
}

// process keeps one component running.
type process struct {
	component component
	cancel    context.CancelFunc
	done      chan struct{}
}

func start(c component) *process {
	ctx, cancel := context.WithCancel(context.Background())
	p := &process{component: c, cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(p.done)
		for ctx.Err() == nil {
			err := runOnce(ctx, c)
			if ctx.Err() == nil {
				log.Printf("%s ended (%v) and starts again; see %s/%s.log", c.Name, err, logFolder, c.Name)
			}
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
	}()
	return p
}

func runOnce(ctx context.Context, c component) error {
	path := filepath.Join(logFolder, c.Name+".log")
	if info, err := os.Stat(path); err == nil && info.Size() > largestLog {
		_ = os.Rename(path, path+".1")
	}
	output, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o640)
	if err != nil {
		return err
	}
	defer output.Close()
	command := exec.CommandContext(ctx, c.Command[0], c.Command[1:]...)
	command.Stdout, command.Stderr = output, output
	command.Env = append(os.Environ(), "CONTAINERD_ADDRESS="+socket)
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	command.WaitDelay = 15 * time.Second
	return command.Run()
}

func (p *process) is(wanted component) bool {
	return p.component.Files == wanted.Files && slices.Equal(p.component.Command, wanted.Command)
}

func (p *process) stop() {
	p.cancel()
	<-p.done
}

// prepareNetwork sets what K3s sets on its node, and a route for its own way to the services: the
// lab has no default route, and without any there is nothing to translate.
func prepareNetwork(p *plan) error {
	for path, value := range map[string]string{
		"net/ipv4/ip_forward": "1", "net/bridge/bridge-nf-call-iptables": "1", "net/ipv4/conf/all/forwarding": "1",
	} {
		if err := os.WriteFile("/proc/sys/"+path, []byte(value), 0); err != nil {
			log.Printf("cannot set %s: %v", path, err)
		}
	}
	name, err := interfaceOf(p.NodeIP)
	if err != nil {
		return err
	}
	return run("ip", "route", "replace", p.ServiceCIDR, "dev", name, "src", p.NodeIP)
}

func interfaceOf(address string) (string, error) {
	wanted, err := netip.ParseAddr(address)
	if err != nil {
		return "", err
	}
	interfaces, err := net.Interfaces()
	if err != nil {
		return "", err
	}
	for _, one := range interfaces {
		addresses, err := one.Addrs()
		if err != nil {
			return "", err
		}
		for _, entry := range addresses {
			if prefix, err := netip.ParsePrefix(entry.String()); err == nil && prefix.Addr() == wanted {
				return one.Name, nil
			}
		}
	}
	return "", fmt.Errorf("node-ip %s is no address of this machine", address)
}

func waitForAPI(ctx context.Context, as role) error {
	for ctx.Err() == nil {
		if output, err := as.kubectl("get", "--raw", "/readyz"); err == nil && strings.TrimSpace(output) == "ok" {
			return nil
		}
		time.Sleep(200 * time.Millisecond)
	}
	return ctx.Err()
}

// deploy brings K3s' own parts of the cluster, and takes those away that are disabled now.
func deploy(ctx context.Context, p *plan) error {
	if err := os.MkdirAll(manifestsFolder, 0o755); err != nil {
		return err
	}
	names, err := manifests.ReadDir("manifests")
	if err != nil {
		return err
	}
	for _, entry := range names {
		part := strings.TrimSuffix(entry.Name(), ".yaml")
		path := filepath.Join(manifestsFolder, entry.Name())
		if slices.Contains(p.Disable, part) {
			if _, err := os.Stat(path); err == nil {
				retry(ctx, "delete", "--ignore-not-found", "-f", path)
				_ = os.Remove(path)
			}
			continue
		}
		parsed, err := template.ParseFS(manifests, "manifests/"+entry.Name())
		if err != nil {
			return err
		}
		var content bytes.Buffer
		if err := parsed.Execute(&content, p); err != nil {
			return err
		}
		if err := writeFile(path, content.Bytes(), 0o600); err != nil {
			return err
		}
	}
	// Whatever lies there is applied, as K3s does.
	if files, _ := filepath.Glob(manifestsFolder + "/*.yaml"); len(files) > 0 {
		retry(ctx, "apply", "-f", manifestsFolder)
	}
	if hash, err := passwordHash(); err == nil {
		// Nothing else comes of it (source: K3s, pkg/nodepassword/validate.go).
		if err := checkPassword(p.NodeName, hash); err != nil {
			log.Printf("Deferred node password secret validation failed: %v", err)
		}
	}
	retry(ctx, "label", "--overwrite", "node", p.NodeName,
		"node-role.kubernetes.io/control-plane=true", "node-role.kubernetes.io/etcd=true")
	return nil
}

// retry runs kubectl until it succeeds, for a minute.
func retry(ctx context.Context, arguments ...string) {
	for began := time.Now(); ctx.Err() == nil; time.Sleep(time.Second) {
		output, err := serverRole.kubectl(arguments...)
		if err == nil {
			return
		}
		if time.Since(began) > time.Minute {
			log.Printf("kubectl %s: %s", strings.Join(arguments, " "), output)
			return
		}
	}
}

// Where systemd listens. The components must not have it: they would speak for the service.
var notifySocket = os.Getenv("NOTIFY_SOCKET")

func notifySystemd(state string) {
	if notifySocket == "" {
		return
	}
	connection, err := net.Dial("unixgram", notifySocket)
	if err != nil {
		log.Printf("cannot tell systemd %s: %v", state, err)
		return
	}
	defer connection.Close()
	if _, err := connection.Write([]byte(state)); err != nil {
		log.Printf("cannot tell systemd %s: %v", state, err)
	}
}
