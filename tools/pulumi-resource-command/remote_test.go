package main

import (
	"crypto/rand"
	"crypto/rsa"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi/sdk/v3/go/property"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// connection logs in with the password and pins the server's key.
func (s *sshServer) connection() inputs {
	return inputs{
		"host": s.host, "port": s.port, "user": testUser, "password": testPassword, "hostKey": authorized(s.key),
	}
}

// without leaves inputs out.
func (i inputs) without(names ...string) inputs {
	rest := inputs{}
	for name, value := range i {
		rest[name] = value
	}
	for _, name := range names {
		delete(rest, name)
	}
	return rest
}

func TestMain(m *testing.M) {
	_ = os.Unsetenv("SSH_AUTH_SOCK") // the developer's own agent
	os.Exit(m.Run())
}

func TestRemoteCreateRunsCreate(t *testing.T) {
	server := serveSSH(t)
	state := newEngine(t, remoteCommand).created(inputs{
		"connection": server.connection(), "create": "echo out; echo err >&2",
	})
	wantOutput(t, state.Properties, "stdout", "out")
	wantOutput(t, state.Properties, "stderr", "err")
	if server.logins.Load() != 1 {
		t.Errorf("%d logins", server.logins.Load())
	}
}

func TestRemoteUpdateRunsUpdate(t *testing.T) {
	engine := newEngine(t, remoteCommand)
	in := inputs{"connection": serveSSH(t).connection(), "create": "echo created", "update": "echo updated"}
	wantOutput(t, engine.updated(engine.created(in), in.with("stdin", "x"), false), "stdout", "updated")
}

func TestRemoteUpdateWithoutUpdateRunsCreate(t *testing.T) {
	engine := newEngine(t, remoteCommand)
	in := inputs{"connection": serveSSH(t).connection(), "create": "echo one"}
	wantOutput(t, engine.updated(engine.created(in), in.with("create", "echo two"), false), "stdout", "two")
}

func TestRemoteDeleteRunsDelete(t *testing.T) {
	engine := newEngine(t, remoteCommand)
	mark := filepath.Join(t.TempDir(), "deleted")
	engine.deleted(engine.created(inputs{"connection": serveSSH(t).connection(), "delete": "touch " + mark}))
	if _, err := os.Stat(mark); err != nil {
		t.Error(err)
	}
}

func TestRemotePreviewConnectsToNothingAndLeavesOutputsUnknown(t *testing.T) {
	server := serveSSH(t)
	properties := newEngine(t, remoteCommand).previewed(inputs{"connection": server.connection(), "create": "echo"})
	wantComputed(t, properties, "stdout")
	wantComputed(t, properties, "stderr")
	if server.logins.Load() != 0 {
		t.Error("it has connected")
	}
}

func TestRemoteUnknownConnectionIsPreviewed(t *testing.T) {
	properties := newEngine(t, remoteCommand).previewed(inputs{
		"connection": inputs{"host": property.New(property.Computed), "password": "x"}, "create": "echo",
	})
	wantComputed(t, properties, "stdout")
}

func TestRemoteConnectionIsSecretAndHasItsDefaults(t *testing.T) {
	connection := newEngine(t, remoteCommand).checked(inputs{"connection": inputs{"host": "h"}}).Get("connection")
	if !connection.Secret() {
		t.Error("not secret")
	}
	want := toMap(t, inputs{"host": "h", "port": 22, "user": "root", "dialErrorLimit": 10, "perDialTimeout": 15})
	if got := connection.WithSecret(false); !got.Equals(property.New(want)) {
		t.Errorf("%#v", got)
	}
}

func TestRemoteStateKeepsTheConnectionSecret(t *testing.T) {
	state := newEngine(t, remoteCommand).created(inputs{"connection": serveSSH(t).connection(), "create": "true"})
	if !state.Properties.Get("connection").Secret() {
		t.Error("not secret")
	}
}

func TestRemoteAddedTriggersReplace(t *testing.T) {
	engine := newEngine(t, remoteCommand)
	in := inputs{"connection": serveSSH(t).connection(), "create": "true"}
	diff := engine.diff(engine.created(in), in.with("triggers", []string{"a"}))
	if kind := diff.DetailedDiff["triggers"].Kind; kind != p.AddReplace {
		t.Errorf("%v", diff.DetailedDiff)
	}
}

func TestRemoteStdin(t *testing.T) {
	state := newEngine(t, remoteCommand).created(inputs{
		"connection": serveSSH(t).connection(), "create": "cat", "stdin": "typed",
	})
	wantOutput(t, state.Properties, "stdout", "typed")
}

func TestRemoteEnvironmentThatTheServerAcceptsIsSet(t *testing.T) {
	server := serveSSH(t)
	server.acceptEnv = []string{"CITY"}
	state := newEngine(t, remoteCommand).created(inputs{
		"connection": server.connection(), "create": "echo $CITY", "environment": inputs{"CITY": "Oslo"},
	})
	wantOutput(t, state.Properties, "stdout", "Oslo")
}

func TestRemoteEnvironmentThatTheServerRefusesIsAnError(t *testing.T) {
	_, err := newEngine(t, remoteCommand).create(inputs{
		"connection": serveSSH(t).connection(), "create": "true", "environment": inputs{"CITY": "hunter2"},
	})
	wantError(t, err, `could not set environment variable "CITY": ssh: setenv failed`)
	if strings.Contains(err.Error(), "hunter2") {
		t.Errorf("the error repeats the value: %v", err)
	}
}

func TestRemotePreviousOutputIsInTheEnvironment(t *testing.T) {
	server := serveSSH(t)
	server.acceptEnv = []string{"PULUMI_COMMAND_STDOUT"}
	engine := newEngine(t, remoteCommand)
	in := inputs{"connection": server.connection(), "create": "echo one", "update": "echo $PULUMI_COMMAND_STDOUT"}
	wantOutput(t, engine.updated(engine.created(in), in.with("stdin", "x"), false), "stdout", "one")
}

func TestRemotePreviousOutputThatTheServerRefusesIsNoError(t *testing.T) {
	engine := newEngine(t, remoteCommand)
	in := inputs{"connection": serveSSH(t).connection(), "create": "echo one", "update": "echo two"}
	wantOutput(t, engine.updated(engine.created(in), in.with("stdin", "x"), false), "stdout", "two")
}

func TestRemoteFailureTellsCommandAndOutput(t *testing.T) {
	_, err := newEngine(t, remoteCommand).create(inputs{
		"connection": serveSSH(t).connection(), "create": "echo because >&2; exit 3", "logging": "none",
	})
	wantError(t, err, "Process exited with status 3: running \"echo because >&2; exit 3\":\nbecause\n")
}

// More than the 2 MiB that SSH sends ahead; with less it depends on which of the two is faster.
func TestRemoteCommandThatDoesNotReadWhatItIsSentFails(t *testing.T) {
	_, err := newEngine(t, remoteCommand).create(inputs{
		"connection": serveSSH(t).connection(), "create": "sleep 1", "stdin": strings.Repeat("x", 8<<20),
	})
	wantError(t, err, `EOF: running "sleep 1":`)
}

func TestRemoteConnectionStaysOpen(t *testing.T) {
	server := serveSSH(t)
	newEngine(t, remoteCommand).created(inputs{"connection": server.connection(), "create": "true"})
	time.Sleep(200 * time.Millisecond)
	if open := server.open.Load(); open != 1 {
		t.Errorf("%d open", open)
	}
}

func TestRemoteWrongHostKeyIsRefusedAfterAllAttempts(t *testing.T) {
	server, other := serveSSH(t), newKeyPair(t)
	_, err := newEngine(t, remoteCommand).create(inputs{
		"connection": server.connection().with("hostKey", other.authorized()).with("dialErrorLimit", 2), "create": "true",
	})
	wantError(t, err, "after 2 failed attempts: ssh: handshake failed: ssh: host key mismatch")
	if server.logins.Load() != 0 || server.connections.Load() != 3 {
		t.Errorf("%d logins, %d connections", server.logins.Load(), server.connections.Load())
	}
}

func TestRemoteHostKeyThatIsNoneIsAnError(t *testing.T) {
	_, err := newEngine(t, remoteCommand).create(inputs{
		"connection": serveSSH(t).connection().with("hostKey", "none"), "create": "true",
	})
	wantError(t, err, "failed to parse host key: ssh: no key found")
}

// The server offers what OpenSSH has offered for an RSA key since 8.8.
func TestRemoteHostKeyOfTypeRSAIsNotToBeHadFromTodaysServers(t *testing.T) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ssh.NewSignerWithAlgorithms(signer.(ssh.AlgorithmSigner), []string{ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256})
	if err != nil {
		t.Fatal(err)
	}
	server := serveSSHWith(t, key)
	_, err = newEngine(t, remoteCommand).create(inputs{
		"connection": server.connection().with("hostKey", authorized(signer)).with("dialErrorLimit", 0), "create": "true",
	})
	wantError(t, err, "no common algorithm for host key")
}

func TestRemoteWithoutHostKeyAnyIsAccepted(t *testing.T) {
	state := newEngine(t, remoteCommand).created(inputs{
		"connection": serveSSH(t).connection().without("hostKey"), "create": "echo in",
	})
	wantOutput(t, state.Properties, "stdout", "in")
}

func TestRemoteUnreachableHostIsAnErrorAfterTheLimit(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	_ = listener.Close()
	_, err = newEngine(t, remoteCommand).create(inputs{
		"connection": inputs{"host": "127.0.0.1", "port": port, "dialErrorLimit": 2}, "create": "true",
	})
	wantError(t, err, "after 2 failed attempts: dial tcp 127.0.0.1:", "connection refused")
}

func TestRemoteHostThatComesUpLaterIsReached(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	_, port, _ := net.SplitHostPort(address)
	time.AfterFunc(400*time.Millisecond, func() {
		if listener, err := net.Listen("tcp", address); err == nil {
			serveSSHOn(t, listener)
		}
	})
	number, err := net.LookupPort("tcp", port)
	if err != nil {
		t.Fatal(err)
	}
	state := newEngine(t, remoteCommand).created(inputs{
		"connection": inputs{"host": "127.0.0.1", "port": number, "user": testUser, "password": testPassword},
		"create":     "echo up",
	})
	wantOutput(t, state.Properties, "stdout", "up")
}

func TestRemoteHostThatAcceptsAndSaysNothingIsWaitedFor(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	const silence = 1500 * time.Millisecond
	go func() {
		if conn, err := listener.Accept(); err == nil {
			time.Sleep(silence)
			_ = conn.Close()
		}
	}()
	start := time.Now()
	_, err = newEngine(t, remoteCommand).create(inputs{
		"connection": inputs{
			"host": "127.0.0.1", "port": listener.Addr().(*net.TCPAddr).Port, "dialErrorLimit": 0, "perDialTimeout": 1,
		},
		"create": "true",
	})
	wantError(t, err, "after 0 failed attempts: ssh: handshake failed: ")
	if time.Since(start) < silence {
		t.Errorf("it waited for %v only", time.Since(start))
	}
}

func TestRemotePrivateKeyLogsIn(t *testing.T) {
	key := newKeyPair(t)
	state := newEngine(t, remoteCommand).created(inputs{
		"connection": serveSSH(t, key).connection().without("password").with("privateKey", key.pem(t, "")),
		"create":     "echo in",
	})
	wantOutput(t, state.Properties, "stdout", "in")
}

func TestRemoteEncryptedPrivateKeyLogsIn(t *testing.T) {
	key := newKeyPair(t)
	connection := serveSSH(t, key).connection().without("password").
		with("privateKey", key.pem(t, "sesame")).with("privateKeyPassword", "sesame")
	state := newEngine(t, remoteCommand).created(inputs{"connection": connection, "create": "echo in"})
	wantOutput(t, state.Properties, "stdout", "in")
}

func TestRemoteAgentLogsIn(t *testing.T) {
	key := newKeyPair(t)
	keyring := agent.NewKeyring()
	if err := keyring.Add(agent.AddedKey{PrivateKey: key.private}); err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(t.TempDir(), "agent")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	go func() {
		if conn, err := listener.Accept(); err == nil {
			_ = agent.ServeAgent(keyring, conn)
		}
	}()
	state := newEngine(t, remoteCommand).created(inputs{
		"connection": serveSSH(t, key).connection().without("password").with("agentSocketPath", socket),
		"create":     "echo in",
	})
	wantOutput(t, state.Properties, "stdout", "in")
}

func TestRemoteWrongPasswordIsAnErrorThatDoesNotTellIt(t *testing.T) {
	_, err := newEngine(t, remoteCommand).create(inputs{
		"connection": serveSSH(t).connection().with("password", "hunter2").with("dialErrorLimit", 0), "create": "true",
	})
	wantError(t, err, "unable to authenticate")
	if strings.Contains(err.Error(), "hunter2") {
		t.Errorf("the error tells the password: %v", err)
	}
}

func TestRemoteProxyIsTheWayToTheHost(t *testing.T) {
	jump, server := serveSSH(t), serveSSH(t)
	state := newEngine(t, remoteCommand).created(inputs{
		"connection": server.connection().with("proxy", jump.connection()), "create": "echo through",
	})
	wantOutput(t, state.Properties, "stdout", "through")
	if jump.forwards.Load() != 1 || server.logins.Load() != 1 {
		t.Errorf("%d forwards, %d logins", jump.forwards.Load(), server.logins.Load())
	}
}

func TestRemoteWrongHostKeyBehindTheProxyIsRefusedButTheErrorDoesNotSayWhy(t *testing.T) {
	jump, server, other := serveSSH(t), serveSSH(t), newKeyPair(t)
	connection := server.connection().with("hostKey", other.authorized()).with("dialErrorLimit", 1)
	_, err := newEngine(t, remoteCommand).create(inputs{
		"connection": connection.with("proxy", jump.connection()), "create": "true",
	})
	wantError(t, err, "proxy: after 1 failed attempts: ssh: handshake failed: ")
	if strings.Contains(err.Error(), "host key mismatch") {
		t.Errorf("it does: %v", err)
	}
	if server.logins.Load() != 0 {
		t.Error("it has logged in")
	}
}

func TestRemoteWrongHostKeyOfTheProxyIsRefused(t *testing.T) {
	jump, server, other := serveSSH(t), serveSSH(t), newKeyPair(t)
	proxy := jump.connection().with("hostKey", other.authorized()).with("dialErrorLimit", 1)
	_, err := newEngine(t, remoteCommand).create(inputs{
		"connection": server.connection().with("proxy", proxy), "create": "true",
	})
	wantError(t, err, "proxy: after 1 failed attempts: ssh: handshake failed: ssh: host key mismatch")
	if server.logins.Load() != 0 {
		t.Error("it has gone on to the host")
	}
}

func TestRemoteCancelDoesNotEndTheCommand(t *testing.T) {
	engine := newEngine(t, remoteCommand)
	ready := filepath.Join(t.TempDir(), "ready")
	in := engine.checked(inputs{
		"connection": serveSSH(t).connection(), "create": "touch " + ready + "; sleep 1; echo ended",
	})
	type result struct {
		state p.CreateResponse
		err   error
	}
	ended := make(chan result, 1)
	go func() {
		state, err := engine.provider.Create(p.CreateRequest{Urn: engine.urn(), Properties: in})
		ended <- result{state, err}
	}()
	waitFor(t, func() bool { _, err := os.Stat(ready); return err == nil })
	if err := engine.provider.Cancel(); err != nil {
		t.Fatal(err)
	}
	got := <-ended
	if got.err != nil {
		t.Fatal(got.err)
	}
	wantOutput(t, got.state.Properties, "stdout", "ended")
}
