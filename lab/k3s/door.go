package main

import (
	"bytes"
	"context"
	"crypto/subtle"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"
)

// K3s has its supervisor and the API on one port. Here the supervisor's clients name this protocol when they connect;
// everybody else is handed on to the API server as he is.
const supervisorProtocol = "lab-k3s"

// startDoor takes connections to the API's port at every address but the loopback, which is the API server's own.
func startDoor(ctx context.Context) error {
	reuse := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) error {
		var failed error
		const reusePort = 0xf // SO_REUSEPORT
		err := c.Control(func(fd uintptr) { failed = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, reusePort, 1) })
		return errors.Join(err, failed)
	}}
	listener, err := reuse.Listen(ctx, "tcp4", "0.0.0.0:6443")
	if err != nil {
		return err
	}
	joins := &queue{address: listener.Addr(), waiting: make(chan net.Conn), done: ctx.Done()}
	go serveJoins(joins)
	acceptAll(ctx, listener, func(connection net.Conn) {
		if meantForTheAPI(connection.LocalAddr()) {
			_ = connection.Close()
			return
		}
		handOn(connection, joins)
	})
	return nil
}

// meantForTheAPI tells a connection to the loopback, which comes here while no API server listens there. Handed on it would
// come back, for ever, until there are no files left to open.
func meantForTheAPI(local net.Addr) bool {
	address, ok := local.(*net.TCPAddr)
	return ok && address.IP.IsLoopback()
}

// acceptAll gives each connection to a goroutine of its own, until the context ends.
func acceptAll(ctx context.Context, listener net.Listener, handle func(net.Conn)) {
	go func() {
		<-ctx.Done()
		_ = listener.Close()
	}()
	go func() {
		for ctx.Err() == nil {
			connection, err := listener.Accept()
			if err != nil {
				time.Sleep(50 * time.Millisecond)
				continue
			}
			go handle(connection)
		}
	}()
}

var errSeen = errors.New("seen")

// handOn looks at what the client offers before anything is answered.
func handOn(connection net.Conn, joins *queue) {
	var begin bytes.Buffer
	var offered []string
	_ = connection.SetReadDeadline(time.Now().Add(10 * time.Second))
	peek := tls.Server(silent{reader{io.TeeReader(connection, &begin), connection}}, &tls.Config{
		GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
			offered = hello.SupportedProtos
			return nil, errSeen
		},
	})
	if err := peek.Handshake(); !errors.Is(err, errSeen) {
		_ = connection.Close()
		return
	}
	_ = connection.SetReadDeadline(time.Time{})
	if slices.Contains(offered, supervisorProtocol) {
		joins.put(reader{io.MultiReader(&begin, connection), connection})
		return
	}
	target, err := net.DialTimeout("tcp4", "127.0.0.1:6443", 5*time.Second)
	if err != nil {
		_ = connection.Close()
		return
	}
	if _, err := target.Write(begin.Bytes()); err != nil {
		_ = connection.Close()
		_ = target.Close()
		return
	}
	splice(connection.(*net.TCPConn), target.(*net.TCPConn))
}

// splice carries both directions until both have ended.
func splice(one, other *net.TCPConn) {
	carry := func(to, from *net.TCPConn, done chan<- struct{}) {
		_, _ = io.Copy(to, from)
		_ = to.CloseWrite()
		done <- struct{}{}
	}
	done := make(chan struct{}, 2)
	go carry(one, other, done)
	go carry(other, one, done)
	<-done
	<-done
	_ = one.Close()
	_ = other.Close()
}

// reader is a connection of which something has been read already.
type reader struct {
	io.Reader
	net.Conn
}

func (r reader) Read(into []byte) (int, error) { return r.Reader.Read(into) }

// silent says nothing: not even that the look at the client's greeting ended in an error.
type silent struct{ reader }

func (silent) Write(from []byte) (int, error) { return len(from), nil }

// queue is a listener that is given its connections.
type queue struct {
	address net.Addr
	waiting chan net.Conn
	done    <-chan struct{}
}

func (q *queue) put(connection net.Conn) {
	select {
	case q.waiting <- connection:
	case <-q.done:
		_ = connection.Close()
	}
}

func (q *queue) Accept() (net.Conn, error) {
	select {
	case connection := <-q.waiting:
		return connection, nil
	case <-q.done:
		return nil, net.ErrClosed
	}
}

func (q *queue) Close() error   { return nil }
func (q *queue) Addr() net.Addr { return q.address }

// ------------------------------------------------------------------------------------ what it answers

// joinRequest is what a node tells of itself. The password is random, and kept on its disk.
type joinRequest struct {
	Name     string `json:"name"`
	Address  string `json:"address"`
	Role     role   `json:"role"`
	Password string `json:"password"` // its hash
	Member   string `json:"member"`   // of a server: the name that its etcd will have
}

// joinAnswer is what a node needs from the cluster.
type joinAnswer struct {
	Files    map[string][]byte `json:"files"` // below the role's home
	Settings settings          `json:"settings"`
	Member   *member           `json:"member,omitempty"`
}

// settings have to be the same on all servers, and agents have them from these.
type settings struct {
	ClusterCIDR    string `json:"clusterCIDR"`
	ServiceCIDR    string `json:"serviceCIDR"`
	ClusterDNS     string `json:"clusterDNS"`
	FlannelBackend string `json:"flannelBackend"`
}

func serveJoins(joins *queue) {
	handler := http.NewServeMux()
	handler.HandleFunc("GET /cacerts", func(w http.ResponseWriter, _ *http.Request) {
		content, err := os.ReadFile(tlsPath("server-ca.crt"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		_, _ = w.Write(content)
	})
	handler.HandleFunc("POST /join", answerJoin)
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	_ = server.Serve(tls.NewListener(joins, &tls.Config{
		MinVersion: tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			pair, err := tls.LoadX509KeyPair(tlsPath("kube-apiserver.crt"), tlsPath("kube-apiserver.key"))
			return &pair, err
		},
	}))
}

func answerJoin(w http.ResponseWriter, r *http.Request) {
	var request joinRequest
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<16)).Decode(&request); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	user, secret, _ := r.BasicAuth()
	if !mayJoin(user, secret, request.Role) {
		http.Error(w, "Unauthorized", http.StatusUnauthorized)
		return
	}
	if request.Role == agentRole { // a server's is looked at when it has joined (see deploy)
		if err := checkPassword(request.Name, request.Password); err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
	}
	answer, err := answerTo(request)
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	_ = json.NewEncoder(w).Encode(answer)
}

// mayJoin tells whether a secret is that of the role. The servers' is good for agents too, as in K3s.
func mayJoin(user, secret string, as role) bool {
	is := func(file string) bool {
		content, err := os.ReadFile(dataFolder + "/server/" + file)
		return err == nil && subtle.ConstantTimeCompare([]byte(secretOf(strings.TrimSpace(string(content)))), []byte(secret)) == 1
	}
	return (user == "server" || as == agentRole) && is("token") || as == agentRole && is("agent-token")
}

func answerTo(request joinRequest) (*joinAnswer, error) {
	p, _, err := readPlan()
	if err != nil {
		return nil, err
	}
	address, err := netip.ParseAddr(request.Address)
	if err != nil {
		return nil, err
	}
	answer := &joinAnswer{Files: map[string][]byte{}, Settings: settings{p.ClusterCIDR, p.ServiceCIDR, p.ClusterDNS, p.FlannelBackend}}
	if request.Role == serverRole {
		for _, name := range []string{"server-ca", "request-header-ca", "etcd-peer-ca"} {
			if err := answer.add("tls/"+name+".crt", "tls/"+name+".key"); err != nil {
				return nil, err
			}
		}
		if err := answer.add("tls/service.key", "tls/service.pub"); err != nil {
			return nil, err
		}
		if err := answer.add("cred/encryption.key"); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
		answer.Member, err = addMember(request.Member, "https://"+address.String()+":2380")
		return answer, err
	}
	certificate, key, err := readPair("server-ca")
	if err != nil {
		return nil, err
	}
	if err := answer.add("tls/server-ca.crt"); err != nil {
		return nil, err
	}
	for _, wanted := range ofNode(&authority{certificate, key}, request.Name, address.String()) {
		public, private, err := signed(wanted.template(), wanted.by, validity)
		if err != nil {
			return nil, err
		}
		answer.Files["tls/"+wanted.name+".crt"], answer.Files["tls/"+wanted.name+".key"] = public, private
	}
	return answer, nil
}

func (a *joinAnswer) add(paths ...string) error {
	for _, path := range paths {
		content, err := os.ReadFile(dataFolder + "/server/" + path)
		if err != nil {
			return err
		}
		a.Files[path] = content
	}
	return nil
}

// errRejected in K3s' words (source: pkg/nodepassword/nodepassword.go).
var errRejected = errors.New("Node password rejected, duplicate hostname or contents of '/etc/rancher/node/password' may not match server node-passwd entry, try enabling a unique node name with the --with-node-id flag")

// checkPassword takes the hash of the first one that a node of a name comes with, and no other later.
func checkPassword(node, hash string) error {
	const namespace = "--namespace=kube-system"
	name := node + ".node-password.k3s"
	found, err := serverRole.kubectl(namespace, "get", "secret", name, "--ignore-not-found", "-o", "go-template={{.data.hash | base64decode}}")
	if err != nil {
		return fmt.Errorf("cannot read the password of %s: %s", node, strings.TrimSpace(found))
	}
	switch strings.TrimSpace(found) {
	case hash:
		return nil
	case "":
		output, err := serverRole.kubectl(namespace, "create", "secret", "generic", name, "--from-literal=hash="+hash)
		if err != nil {
			return fmt.Errorf("cannot keep the password of %s: %s", node, strings.TrimSpace(output))
		}
		return nil
	}
	return errRejected
}

// etcdNodes are the servers that the cluster knows.
func etcdNodes() ([]string, error) {
	client, err := apiClient()
	if err != nil {
		return nil, err
	}
	response, err := client.Get("https://127.0.0.1:6443/api/v1/nodes?labelSelector=node-role.kubernetes.io/etcd")
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, errors.New(response.Status)
	}
	var list struct {
		Items []struct {
			Metadata struct{ Name string }
		}
	}
	if err := json.NewDecoder(response.Body).Decode(&list); err != nil {
		return nil, err
	}
	names := make([]string, 0, len(list.Items))
	for _, item := range list.Items {
		names = append(names, item.Metadata.Name)
	}
	return names, nil
}

var apiTransport *http.Client

// apiClient is the administrator's, without a process for each question.
func apiClient() (*http.Client, error) {
	if apiTransport != nil {
		return apiTransport, nil
	}
	pair, err := tls.LoadX509KeyPair(tlsPath("client-admin.crt"), tlsPath("client-admin.key"))
	if err != nil {
		return nil, err
	}
	roots, err := poolOf(tlsPath("server-ca.crt"))
	if err != nil {
		return nil, err
	}
	apiTransport = &http.Client{
		Timeout:   10 * time.Second,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{Certificates: []tls.Certificate{pair}, RootCAs: roots}},
	}
	return apiTransport, nil
}

func poolOf(file string) (*x509.CertPool, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(content) {
		return nil, fmt.Errorf("%s has no certificate", file)
	}
	return pool, nil
}
