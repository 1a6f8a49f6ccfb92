package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
)

// sshServer is a real SSH server in this process: it runs commands with /bin/sh, serves SFTP, and forwards connections.
type sshServer struct {
	host      string
	port      int
	key       ssh.Signer
	acceptEnv []string // as AcceptEnv of sshd
	logins    atomic.Int32
	forwards  atomic.Int32
	// Of TCP: all, and those that are still there.
	connections atomic.Int32
	open        atomic.Int32
}

const (
	testUser     = "nordfaas"
	testPassword = "correct horse"
)

// keyPair is a client's or a server's key.
type keyPair struct {
	signer  ssh.Signer
	private ed25519.PrivateKey
}

func newKeyPair(t *testing.T) keyPair {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return keyPair{signer, private}
}

// pem is the private key as in a key file; encrypted unless password is empty.
func (k keyPair) pem(t *testing.T, password string) string {
	t.Helper()
	var block *pem.Block
	var err error
	if password == "" {
		block, err = ssh.MarshalPrivateKey(k.private, "")
	} else {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(k.private, "", []byte(password))
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(block))
}

func (k keyPair) authorized() string { return authorized(k.signer) }

// authorized is the public key as a line of authorized_keys.
func authorized(signer ssh.Signer) string {
	return strings.TrimSpace(string(ssh.MarshalAuthorizedKey(signer.PublicKey())))
}

// serveSSH starts a server that lets testUser in with testPassword or with one of the keys.
func serveSSH(t *testing.T, keys ...keyPair) *sshServer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return serveSSHOn(t, listener, keys...)
}

func serveSSHOn(t *testing.T, listener net.Listener, keys ...keyPair) *sshServer {
	t.Helper()
	return serveSSHOnWith(t, listener, newKeyPair(t).signer, keys...)
}

// serveSSHWith starts a server with the given host key.
func serveSSHWith(t *testing.T, hostKey ssh.Signer) *sshServer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return serveSSHOnWith(t, listener, hostKey)
}

func serveSSHOnWith(t *testing.T, listener net.Listener, hostKey ssh.Signer, keys ...keyPair) *sshServer {
	t.Helper()
	address := listener.Addr().(*net.TCPAddr)
	server := &sshServer{host: address.IP.String(), port: address.Port, key: hostKey}
	config := &ssh.ServerConfig{
		PasswordCallback: func(meta ssh.ConnMetadata, password []byte) (*ssh.Permissions, error) {
			if meta.User() != testUser || string(password) != testPassword {
				return nil, errors.New("wrong password")
			}
			return nil, nil
		},
		PublicKeyCallback: func(meta ssh.ConnMetadata, presented ssh.PublicKey) (*ssh.Permissions, error) {
			for _, key := range keys {
				if meta.User() == testUser && string(presented.Marshal()) == string(key.signer.PublicKey().Marshal()) {
					return nil, nil
				}
			}
			return nil, errors.New("unknown key")
		},
	}
	config.AddHostKey(server.key)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go server.serve(conn, config)
		}
	}()
	return server
}

func (s *sshServer) serve(conn net.Conn, config *ssh.ServerConfig) {
	s.connections.Add(1)
	s.open.Add(1)
	defer s.open.Add(-1)
	connection, channels, requests, err := ssh.NewServerConn(conn, config)
	if err != nil {
		return
	}
	s.logins.Add(1)
	defer func() { _ = connection.Close() }()
	go ssh.DiscardRequests(requests)
	for channel := range channels {
		switch channel.ChannelType() {
		case "session":
			go s.session(channel)
		case "direct-tcpip":
			go s.forward(channel)
		default:
			_ = channel.Reject(ssh.UnknownChannelType, "")
		}
	}
}

func (s *sshServer) session(request ssh.NewChannel) {
	channel, requests, err := request.Accept()
	if err != nil {
		return
	}
	defer func() { _ = channel.Close() }()
	environment := os.Environ()
	var running *exec.Cmd
	ended := make(chan struct{})
	for {
		var r *ssh.Request
		var open bool
		select {
		case <-ended:
			return
		case r, open = <-requests:
		}
		if !open {
			if running != nil { // the client has gone
				_ = syscall.Kill(-running.Process.Pid, syscall.SIGKILL)
			}
			return
		}
		switch r.Type {
		case "env":
			var variable struct{ Name, Value string }
			_ = ssh.Unmarshal(r.Payload, &variable)
			accepted := slices.Contains(s.acceptEnv, variable.Name)
			if accepted {
				environment = append(environment, variable.Name+"="+variable.Value)
			}
			_ = r.Reply(accepted, nil)
		case "exec":
			var command struct{ Line string }
			_ = ssh.Unmarshal(r.Payload, &command)
			_ = r.Reply(true, nil)
			running = start(command.Line, environment, channel, ended)
		case "signal":
			if running != nil {
				_ = syscall.Kill(-running.Process.Pid, syscall.SIGKILL)
			}
		case "subsystem":
			_ = r.Reply(true, nil)
			server, err := sftp.NewServer(channel)
			if err == nil {
				_ = server.Serve()
			}
			return
		default:
			_ = r.Reply(false, nil)
		}
	}
}

func start(line string, environment []string, channel ssh.Channel, ended chan<- struct{}) *exec.Cmd {
	cmd := exec.Command("/bin/sh", "-c", line)
	cmd.Env = environment
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Stdout, cmd.Stderr = channel, channel.Stderr()
	stdin, _ := cmd.StdinPipe()
	if err := cmd.Start(); err != nil {
		close(ended)
		return nil
	}
	go func() {
		_, _ = io.Copy(stdin, channel)
		_ = stdin.Close()
	}()
	go func() {
		_ = cmd.Wait()
		status := ssh.Marshal(struct{ Status uint32 }{uint32(cmd.ProcessState.ExitCode())})
		_, _ = channel.SendRequest("exit-status", false, status)
		close(ended)
	}()
	return cmd
}

func (s *sshServer) forward(request ssh.NewChannel) {
	var target struct {
		Host       string
		Port       uint32
		OriginHost string
		OriginPort uint32
	}
	_ = ssh.Unmarshal(request.ExtraData(), &target)
	conn, err := net.Dial("tcp", net.JoinHostPort(target.Host, fmt.Sprint(target.Port)))
	if err != nil {
		_ = request.Reject(ssh.ConnectionFailed, err.Error())
		return
	}
	channel, requests, err := request.Accept()
	if err != nil {
		return
	}
	s.forwards.Add(1)
	go ssh.DiscardRequests(requests)
	go func() {
		_, _ = io.Copy(conn, channel)
		_ = conn.Close()
	}()
	_, _ = io.Copy(channel, conn)
	_ = channel.Close()
}
