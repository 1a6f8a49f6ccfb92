package kubernetes

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	domain  = "faas.example.no"
	enough  = 90 * time.Second
	project = "../../.."
)

// Two real Caddys, each a replica of the edge, and Pebble, Let's Encrypt's own authority for tests.

func program(t *testing.T, command ...string) string {
	t.Helper()
	finder := exec.Command(filepath.Join(project, command[0]), command[1:]...)
	finder.Stderr = os.Stderr
	path, err := finder.Output()
	must(t, err)
	return strings.TrimSpace(string(path))
}

func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

func eventually(t *testing.T, what string, is func() bool, logs ...string) {
	t.Helper()
	for end := time.Now().Add(enough); !is(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			for _, log := range logs {
				text, _ := os.ReadFile(log)
				t.Logf("%s:\n%s", log, text)
			}
			t.Fatalf("not within %s: %s", enough, what)
		}
	}
}

func start(t *testing.T, log string, environment []string, command ...string) *exec.Cmd {
	t.Helper()
	output, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	must(t, err)
	process := exec.Command(command[0], command[1:]...)
	process.Stdout, process.Stderr = output, output
	process.Env = append(os.Environ(), environment...)
	must(t, process.Start())
	t.Cleanup(func() {
		_ = process.Process.Kill()
		_ = process.Wait()
		output.Close()
	})
	return process
}

// An edge with its own ports, credentials and copies.
type edge struct {
	folder, file, log string
	http, https       int
	process           *exec.Cmd
}

func newEdge(t *testing.T, server *standIn, global, site string) *edge {
	t.Helper()
	e := &edge{folder: t.TempDir(), http: freePort(t), https: freePort(t)}
	e.file, e.log = filepath.Join(e.folder, "Caddyfile"), filepath.Join(e.folder, "log")
	text := fmt.Sprintf(`{
	admin off
	persist_config off
	storage kubernetes %s/storage {
		api %s
		credentials %s
	}
	http_port %d
	https_port %d
	grace_period 1s
	skip_install_trust
	%s
}
%s {
	%s
	respond ok
}
`, e.folder, server.URL, credentials(t), e.http, e.https, global, domain, site)
	must(t, os.WriteFile(e.file, []byte(text), 0o600))
	return e
}

func (e *edge) start(t *testing.T, caddy string) {
	t.Helper()
	e.process = start(t, e.log, []string{"HOME=" + e.folder, "XDG_DATA_HOME=" + e.folder, "XDG_CONFIG_HOME=" + e.folder},
		caddy, "run", "--config", e.file, "--adapter", "caddyfile")
}

func (e *edge) kill() {
	_ = e.process.Process.Kill()
	_ = e.process.Wait()
}

func (e *edge) listens() bool {
	connection, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", e.http))
	if err != nil {
		return false
	}
	connection.Close()
	return true
}

// The chain that it serves; none if it does not.
func (e *edge) chain() []*x509.Certificate {
	connection, err := tls.DialWithDialer(&net.Dialer{Timeout: time.Second}, "tcp",
		fmt.Sprintf("127.0.0.1:%d", e.https), &tls.Config{ServerName: domain, InsecureSkipVerify: true})
	if err != nil {
		return nil
	}
	defer connection.Close()
	return connection.ConnectionState().PeerCertificates
}

func (e *edge) serves() bool { return len(e.chain()) > 0 }

// Lets connections through only once it is open.
func gate(t *testing.T, target int) (port int, open func()) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { listener.Close() })
	opened := make(chan struct{})
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer client.Close()
				<-opened
				server, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", target))
				if err != nil {
					return
				}
				defer server.Close()
				go func() { _, _ = io.Copy(server, client) }()
				_, _ = io.Copy(client, server)
			}()
		}
	}()
	return listener.Addr().(*net.TCPAddr).Port, sync.OnceFunc(func() { close(opened) })
}

// A server's certificate for 127.0.0.1, which is its own authority.
func certificate(t *testing.T, folder string) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	template := x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "acme"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, private.Public(), private)
	must(t, err)
	keyDer, err := x509.MarshalPKCS8PrivateKey(private)
	must(t, err)
	certificate, key = filepath.Join(folder, "acme.crt"), filepath.Join(folder, "acme.key")
	must(t, os.WriteFile(certificate, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	must(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDer}), 0o600))
	return certificate, key
}

// Pebble, which asks for the answers to its challenges at the ports.
func authority(t *testing.T, folder, certificate, key string, http, https int) (port int, log string) {
	t.Helper()
	port, dns := freePort(t), freePort(t)
	log = filepath.Join(folder, "acme.log")
	config, err := json.Marshal(map[string]any{"pebble": map[string]any{
		"listenAddress": fmt.Sprintf("127.0.0.1:%d", port), "managementListenAddress": fmt.Sprintf("127.0.0.1:%d", freePort(t)),
		"certificate": certificate, "privateKey": key, "httpPort": http, "tlsPort": https,
	}})
	must(t, err)
	must(t, os.WriteFile(filepath.Join(folder, "pebble.json"), config, 0o600))
	start(t, filepath.Join(folder, "dns.log"), nil, program(t, "tools/pebble", "pebble-challtestsrv"),
		fmt.Sprintf("-dnsserver=127.0.0.1:%d", dns), "-defaultIPv4=127.0.0.1", "-defaultIPv6=",
		fmt.Sprintf("-management=127.0.0.1:%d", freePort(t)), "-http01=", "-https01=", "-tlsalpn01=", "-doh=")
	start(t, log, []string{"PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=0"}, program(t, "tools/pebble", "pebble"),
		"-config="+filepath.Join(folder, "pebble.json"), fmt.Sprintf("-dnsserver=127.0.0.1:%d", dns), "-strict")
	return port, log
}

func count(t *testing.T, log, text string) int {
	t.Helper()
	all, err := os.ReadFile(log)
	must(t, err)
	return strings.Count(string(all), text)
}

func TestTwoReplicasOrderOnceAndEitherAnswersTheChallenge(t *testing.T) {
	caddy, server, folder := program(t, "tools/caddy"), newStandIn(t), t.TempDir()
	crt, key := certificate(t, folder)
	// The one that orders cannot be reached by the authority: it is the other one that answers.
	other := newEdge(t, server, "", "")
	port, log := authority(t, folder, crt, key, other.http, other.https)
	door, open := gate(t, port)
	global := fmt.Sprintf("email drift@example.no\n\tacme_ca https://127.0.0.1:%d/dir\n\tacme_ca_root %s", door, crt)
	ordering := newEdge(t, server, global, "")
	*other = *reconfigured(t, other, server, global)

	ordering.start(t, caddy)
	eventually(t, "one has the lock", func() bool { return len(server.names("leases")) > 0 }, ordering.log)
	other.start(t, caddy)
	eventually(t, "the other is up", other.listens, other.log)
	open()
	eventually(t, "both serve", func() bool { return ordering.serves() && other.serves() }, ordering.log, other.log, log)

	if first, second := ordering.chain()[0], other.chain()[0]; !first.Equal(second) {
		t.Fatalf("two certificates: %s and %s", first.SerialNumber, second.SerialNumber)
	}
	orders, accounts := count(t, log, "Added order "), count(t, log, "accounts in memory")
	if orders != 1 || accounts != 1 {
		text, _ := os.ReadFile(log)
		t.Fatalf("%d orders, %d accounts:\n%s", orders, accounts, text)
	}

	// With the API away: the other goes on, and one that restarts has its copies.
	server.down.Store(true)
	ordering.kill()
	if !other.serves() {
		t.Fatal("the other no longer serves")
	}
	before := other.chain()[0]
	ordering.start(t, caddy)
	eventually(t, "it serves again without the API", ordering.serves, ordering.log)
	if !ordering.chain()[0].Equal(before) || count(t, log, "Added order ") != 1 {
		t.Fatal("another certificate")
	}
}

// The same ports, with more in the Caddyfile.
func reconfigured(t *testing.T, e *edge, server *standIn, global string) *edge {
	t.Helper()
	again := newEdge(t, server, global, "")
	text, err := os.ReadFile(again.file)
	must(t, err)
	text = bytes.ReplaceAll(text, fmt.Appendf(nil, "http_port %d", again.http), fmt.Appendf(nil, "http_port %d", e.http))
	text = bytes.ReplaceAll(text, fmt.Appendf(nil, "https_port %d", again.https), fmt.Appendf(nil, "https_port %d", e.https))
	must(t, os.WriteFile(again.file, text, 0o600))
	again.http, again.https = e.http, e.https
	return again
}

// Those that lose the race end, and use the winner's when they start again, as the kubelet does it.
func TestReplicasThatStartTogetherHaveOneAuthority(t *testing.T) {
	caddy, server := program(t, "tools/caddy"), newStandIn(t)
	var edges []*edge
	for range 3 {
		e := newEdge(t, server, "", "tls internal")
		edges = append(edges, e)
		e.start(t, caddy)
	}
	for _, e := range edges {
		eventually(t, "it serves", func() bool {
			if e.serves() {
				return true
			}
			if text, _ := os.ReadFile(e.log); strings.Contains(string(text), "start again to use that one") && !e.listens() {
				e.kill()
				must(t, os.Remove(e.log))
				e.start(t, caddy)
			}
			return false
		}, e.log)
	}
	root, err := replica(t, server, "").Load(ctx, "pki/authorities/local/root.crt")
	must(t, err)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(root)
	for _, e := range edges {
		chain := e.chain()
		others := x509.NewCertPool()
		for _, it := range chain[1:] {
			others.AddCert(it)
		}
		if _, err := chain[0].Verify(x509.VerifyOptions{DNSName: domain, Roots: roots, Intermediates: others}); err != nil {
			t.Error(err)
		}
		if !chain[0].Equal(edges[0].chain()[0]) {
			t.Error("two certificates")
		}
	}
}
