package main

import (
	"crypto/tls"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Who names the supervisor's protocol is given to the supervisor, with all that he has said.
func TestTheDoorGivesTheSupervisorItsClients(t *testing.T) {
	client, server := net.Pipe()
	joins := &queue{waiting: make(chan net.Conn), done: make(chan struct{})}
	go handOn(server, joins)
	go func() {
		_ = tls.Client(client, &tls.Config{NextProtos: []string{supervisorProtocol}, InsecureSkipVerify: true}).Handshake()
	}()
	select {
	case connection := <-joins.waiting:
		begin := make([]byte, 1)
		if _, err := connection.Read(begin); err != nil || begin[0] != 0x16 { // a handshake record
			t.Errorf("%v %x", err, begin)
		}
	case <-time.After(10 * time.Second):
		t.Error("not given to the supervisor")
	}
	_ = client.Close()
}

func TestTheDoorHandsNothingToItself(t *testing.T) {
	for address, meant := range map[string]bool{"127.0.0.1": true, "10.77.0.2": false, "10.43.0.1": false} {
		if got := meantForTheAPI(&net.TCPAddr{IP: net.ParseIP(address), Port: 6443}); got != meant {
			t.Errorf("%s: %t", address, got)
		}
	}
}

func TestAFileIsReplacedOnlyIfItChanges(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sub", "file")
	for _, content := range []string{"a", "a", "b"} {
		if err := writeFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if found, err := os.ReadFile(path); err != nil || string(found) != content {
			t.Errorf("%s %v", found, err)
		}
	}
}
