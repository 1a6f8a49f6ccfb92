package main

import (
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
	"golang.zx2c4.com/wireguard/conn"
	"golang.zx2c4.com/wireguard/device"
)

const (
	wireGuardName    = "flannel-wg"
	wireGuardPort    = 51820
	wireGuardOutside = 80 // IPv6, UDP and WireGuard headers
	keepAlive        = 25 // seconds; K3s' PersistentKeepaliveInterval
)

// wireGuardData is the annotation of a node with WireGuard (flannel, pkg/backend/wireguard, wireguardLeaseAttrs).
type wireGuardData struct {
	PublicKey string
	Port      uint16
}

type wireGuard struct {
	options
	device *device.Device
	key    *ecdh.PrivateKey
	size   int
	now    map[string]string // what each public key was last told
}

func newWireGuard(o options) (backend, error) {
	outside, err := (&hostGateway{o.address}).link()
	if err != nil {
		return nil, err
	}
	w := &wireGuard{options: o, size: outside.Attrs().MTU - wireGuardOutside, now: map[string]string{}}
	if w.key, err = ownKey(filepath.Join(o.state, "wireguard.key")); err != nil {
		return nil, err
	}
	inside, err := openTUN(wireGuardName, w.size)
	if err != nil {
		return nil, err
	}
	w.device = device.NewDevice(inside, conn.NewDefaultBind(), &device.Logger{
		Verbosef: device.DiscardLogf, Errorf: func(format string, args ...any) { log.Printf("WireGuard: "+format, args...) },
	})
	if err := w.device.IpcSet(fmt.Sprintf("private_key=%s\nlisten_port=%d\n", hex.EncodeToString(w.key.Bytes()), wireGuardPort)); err != nil {
		return nil, err
	}
	if err := w.device.Up(); err != nil {
		return nil, err
	}
	go func() {
		<-w.device.Wait()
		log.Fatalf("%s is gone", wireGuardName)
	}()
	return w, nil
}

// ownKey is made once: the others know this node by it.
func ownKey(path string) (*ecdh.PrivateKey, error) {
	content, err := os.ReadFile(path)
	if err == nil {
		raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(content)))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		return ecdh.X25519().NewPrivateKey(raw)
	}
	if !os.IsNotExist(err) {
		return nil, err
	}
	key, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	return key, writeFile(path, []byte(base64.StdEncoding.EncodeToString(key.Bytes())+"\n"), 0o600)
}

func (w *wireGuard) data() string {
	text, _ := json.Marshal(wireGuardData{ // cannot fail
		PublicKey: base64.StdEncoding.EncodeToString(w.key.PublicKey().Bytes()), Port: wireGuardPort,
	})
	return string(text)
}

func (w *wireGuard) mtu() int                    { return w.size }
func (w *wireGuard) ownAddress() bool            { return true }
func (w *wireGuard) link() (netlink.Link, error) { return netlink.LinkByName(wireGuardName) }

// routes is one, to all pods; WireGuard chooses the peer.
func (w *wireGuard) routes([]lease) []netlink.Route {
	return []netlink.Route{{Dst: toNet(w.cluster), Scope: unix.RT_SCOPE_LINK}}
}

func (w *wireGuard) reach(peers []lease) error {
	wanted, failed := peerConfigs(peers)
	for node, err := range failed {
		log.Printf("%s is not reached: %v", node, err)
	}
	changes := changes(w.now, wanted)
	if changes == "" {
		return nil
	}
	if err := w.device.IpcSet(changes); err != nil {
		return fmt.Errorf("WireGuard's peers: %w", err)
	}
	w.now = wanted
	return nil
}

// peerConfigs is what WireGuard has to know, by public key.
func peerConfigs(peers []lease) (configs map[string]string, failed map[string]error) {
	configs, failed = map[string]string{}, map[string]error{}
	for _, peer := range peers {
		var data wireGuardData
		if err := json.Unmarshal(peer.Data, &data); err != nil {
			failed[peer.Node] = err
			continue
		}
		key, err := base64.StdEncoding.DecodeString(data.PublicKey)
		if err != nil || len(key) != 32 {
			failed[peer.Node] = fmt.Errorf("PublicKey %q is no key", data.PublicKey)
			continue
		}
		if data.Port == 0 {
			data.Port = wireGuardPort
		}
		configs[hex.EncodeToString(key)] = fmt.Sprintf(
			"endpoint=%s:%d\npersistent_keepalive_interval=%d\nreplace_allowed_ips=true\nallowed_ip=%s\n",
			peer.Address, data.Port, keepAlive, peer.Subnet)
	}
	return configs, failed
}

// changes tells WireGuard about those that are gone, new or different, and leaves the sessions of all others alone.
func changes(before, wanted map[string]string) string {
	var text strings.Builder
	for key := range before {
		if wanted[key] == "" {
			fmt.Fprintf(&text, "public_key=%s\nremove=true\n", key)
		}
	}
	for key, config := range wanted {
		if before[key] != config {
			fmt.Fprintf(&text, "public_key=%s\n%s", key, config)
		}
	}
	return text.String()
}
