package main

import (
	"encoding/hex"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	ownAddressText = "02:00:00:00:00:01"
	peerMAC        = "02:00:00:00:00:02"
)

var (
	cluster = netip.MustParsePrefix("10.42.0.0/16")
	subnet  = netip.MustParsePrefix("10.42.1.0/24")
	peer    = lease{
		Node: "b", Subnet: netip.MustParsePrefix("10.42.2.0/24"), Address: netip.MustParseAddr("10.77.0.12"),
		Data: []byte(`{"VNI":1,"VtepMAC":"` + peerMAC + `"}`),
	}
)

func ownMACOf(t *testing.T) mac {
	t.Helper()
	m, err := vxlanData{VtepMAC: ownAddressText}.address()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// packet is an IPv4 header to an address, with ports.
func packet(to string) []byte {
	p := make([]byte, 28)
	p[0], p[9] = 0x45, 6
	address := netip.MustParseAddr(to).As4()
	copy(p[16:], address[:])
	return p
}

func TestAFrameIsThatOfRFC7348(t *testing.T) {
	table, failed := newVTEPs(ownMACOf(t), []lease{peer})
	if len(failed) > 0 {
		t.Fatal(failed)
	}
	to := table.of(packet("10.42.2.7"))
	if to == nil || to.outer.String() != "10.77.0.12:8472" {
		t.Fatalf("goes to %v", to)
	}
	const want = "0800000000000100" + "020000000002" + "020000000001" + "0800"
	if got := hex.EncodeToString(to.header[:]); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for _, other := range []string{"10.42.3.7", "10.77.0.12", "10.42.1.7"} {
		if table.of(packet(other)) != nil {
			t.Errorf("%s is of no peer", other)
		}
	}
}

func TestOnlyFramesOfKnownNodesForThisOneAreTaken(t *testing.T) {
	own := ownMACOf(t)
	table, _ := newVTEPs(own, []lease{peer})
	good := func() []byte {
		frame := make([]byte, frameHeader)
		frame[0], frame[6], frame[20] = validVNI, 1, 8
		copy(frame[8:], own[:])
		return append(frame, packet("10.42.1.7")...)
	}
	if !table.accepts(peer.Address, good(), own) {
		t.Error("a good one is refused")
	}
	if table.accepts(netip.MustParseAddr("10.77.0.1"), good(), own) {
		t.Error("a stranger's is taken")
	}
	for what, change := range map[string]func([]byte) []byte{
		"no VNI":           func(f []byte) []byte { f[0] = 0; return f },
		"another VNI":      func(f []byte) []byte { f[6] = 2; return f },
		"another receiver": func(f []byte) []byte { f[8] ^= 4; return f },
		"ARP":              func(f []byte) []byte { f[21] = 6; return f },
		"not IPv4":         func(f []byte) []byte { f[frameHeader] = 0x60; return f },
		"too short":        func(f []byte) []byte { return f[:frameHeader+19] },
		"empty":            func(f []byte) []byte { return nil },
	} {
		if table.accepts(peer.Address, change(good()), own) {
			t.Errorf("%s is taken", what)
		}
	}
}

func TestAPeerWithoutAnAddressForFramesIsNamed(t *testing.T) {
	for data, want := range map[string]string{
		`{"VNI":1,"VtepMAC":"x"}`:               `VtepMAC "x" is no MAC address`,
		`{"VNI":2,"VtepMAC":"` + peerMAC + `"}`: "VNI is 2, not 1",
	} {
		broken := peer
		broken.Data = []byte(data)
		table, failed := newVTEPs(ownMACOf(t), []lease{broken})
		if failed["b"] == nil || failed["b"].Error() != want || len(table.peers) > 0 {
			t.Errorf("%s: %v", data, failed)
		}
	}
}

func TestDatagramsOfOneSizeAreSentTogether(t *testing.T) {
	d := newDatagrams(8)
	for _, size := range []int{100, 100, 60, 100, 120} {
		d.add(make([]byte, size), true)
	}
	var got []int
	for _, message := range d.messages[:d.used] {
		got = append(got, len(message.Buffers))
	}
	if !slices.Equal(got, []int{3, 1, 1}) {
		t.Errorf("got %v", got)
	}
}

func TestDatagramsStayBelowWhatTheKernelTakes(t *testing.T) {
	d := newDatagrams(128)
	for range 128 {
		d.add(make([]byte, 1500), true)
	}
	for _, message := range d.messages[:d.used] {
		if n := len(message.Buffers); n > 43 {
			t.Errorf("%d bytes", n*1500)
		}
	}
}

func node(name, podCIDR string, notes map[string]string) corev1.Node {
	return corev1.Node{
		ObjectMeta: metav1.ObjectMeta{Name: name, Annotations: notes},
		Spec:       corev1.NodeSpec{PodCIDR: podCIDR, PodCIDRs: []string{podCIDR}},
	}
}

func TestNodesAreKnownByFlannelsAnnotations(t *testing.T) {
	o := options{node: "a", backend: "vxlan"}
	of := func(backend, address string) map[string]string {
		return map[string]string{
			"flannel.alpha.coreos.com/kube-subnet-manager": "true",
			"flannel.alpha.coreos.com/backend-type":        backend,
			"flannel.alpha.coreos.com/public-ip":           address,
			"flannel.alpha.coreos.com/backend-data":        string(peer.Data),
		}
	}
	complaints := map[string]string{}
	k := knownFrom([]corev1.Node{
		node("a", "10.42.1.0/24", nil), node("b", "10.42.2.0/24", of("vxlan", "10.77.0.12")),
		node("new", "", nil), node("wg", "10.42.4.0/24", of("wireguard", "10.77.0.14")),
		node("odd", "10.42.5.0/24", of("vxlan", "host")), node("bare", "", of("vxlan", "10.77.0.16")),
	}, o, func(node, reason string) { complaints[node] = reason })
	if !k.equal(known{Backend: "vxlan", Subnet: subnet, Peers: []lease{peer}}) {
		t.Errorf("knows %v", k)
	}
	want := map[string]string{
		"wg":   "its backend is wireguard, not vxlan",
		"odd":  `flannel.alpha.coreos.com/public-ip is "host", no IPv4 address`,
		"bare": `it has no IPv4 network for pods (spec.podCIDR "")`,
	}
	for name, reason := range want {
		if complaints[name] != reason {
			t.Errorf("%s: %q", name, complaints[name])
		}
	}
	if len(complaints) != len(want) {
		t.Errorf("complains %v", complaints)
	}
}

func TestWhatWasKnownIsKnownAfterARestart(t *testing.T) {
	o := options{node: "a", backend: "vxlan", state: t.TempDir()}
	if k, err := loadKnown(o); err != nil || k.Subnet.IsValid() {
		t.Errorf("knows %v, %v", k, err)
	}
	k := known{Backend: "vxlan", Subnet: subnet, Peers: []lease{peer}}
	if err := k.save(o); err != nil {
		t.Fatal(err)
	}
	if got, err := loadKnown(o); err != nil || got.Subnet != subnet || got.Peers[0].Address != peer.Address {
		t.Errorf("knows %v, %v", got, err)
	}
	o.backend = "host-gw"
	if got, err := loadKnown(o); err != nil || got.Subnet.IsValid() {
		t.Errorf("of another backend: %v, %v", got, err)
	}
}

func TestRulesAreFlannels(t *testing.T) {
	wanted := rules(cluster, subnet)
	there := make([]bool, len(wanted))
	there[0] = true
	const want = `*nat
:FLANNEL-POSTRTG - [0:0]
-D POSTROUTING -m comment --comment "flanneld masq" -j FLANNEL-POSTRTG
-A POSTROUTING -m comment --comment "flanneld masq" -j FLANNEL-POSTRTG
-A FLANNEL-POSTRTG -m mark --mark 0x4000/0x4000 -m comment --comment "flanneld masq" -j RETURN
-A FLANNEL-POSTRTG -s 10.42.1.0/24 -d 10.42.0.0/16 -m comment --comment "flanneld masq" -j RETURN
-A FLANNEL-POSTRTG -s 10.42.0.0/16 -d 10.42.1.0/24 -m comment --comment "flanneld masq" -j RETURN
-A FLANNEL-POSTRTG ! -s 10.42.0.0/16 -d 10.42.1.0/24 -m comment --comment "flanneld masq" -j RETURN
-A FLANNEL-POSTRTG -s 10.42.0.0/16 ! -d 224.0.0.0/4 -m comment --comment "flanneld masq" -j MASQUERADE --random-fully
-A FLANNEL-POSTRTG ! -s 10.42.0.0/16 -d 10.42.0.0/16 -m comment --comment "flanneld masq" -j MASQUERADE --random-fully
COMMIT
*filter
:FLANNEL-FWD - [0:0]
-A FORWARD -m comment --comment "flanneld forward" -j FLANNEL-FWD
-A FLANNEL-FWD -s 10.42.0.0/16 -m comment --comment "flanneld forward" -j ACCEPT
-A FLANNEL-FWD -d 10.42.0.0/16 -m comment --comment "flanneld forward" -j ACCEPT
COMMIT
`
	if got := transaction(wanted, there); got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestTheKeyIsMadeOnceAndItsOwnersAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	first, err := ownKey(path)
	if err != nil {
		t.Fatal(err)
	}
	second, err := ownKey(path)
	if err != nil || !first.Equal(second) {
		t.Errorf("another one, %v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestWireGuardIsToldOnlyWhatChanges(t *testing.T) {
	key := "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="
	with := func(address string) map[string]string {
		l := peer
		l.Address, l.Data = netip.MustParseAddr(address), []byte(`{"PublicKey":"`+key+`","Port":51820}`)
		configs, failed := peerConfigs([]lease{l})
		if len(failed) > 0 {
			t.Fatal(failed)
		}
		return configs
	}
	const raw = "public_key=0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20\n"
	if got, want := changes(nil, with("10.77.0.12")), raw+
		"endpoint=10.77.0.12:51820\npersistent_keepalive_interval=25\nreplace_allowed_ips=true\nallowed_ip=10.42.2.0/24\n"; got != want {
		t.Errorf("new:\n%s", got)
	}
	if got := changes(with("10.77.0.12"), with("10.77.0.12")); got != "" {
		t.Errorf("the same:\n%s", got)
	}
	if got := changes(with("10.77.0.12"), with("10.77.0.13")); !strings.Contains(got, "endpoint=10.77.0.13:51820") {
		t.Errorf("moved:\n%s", got)
	}
	if got := changes(with("10.77.0.12"), nil); got != raw+"remove=true\n" {
		t.Errorf("gone:\n%s", got)
	}
}

func TestArgumentsAreChecked(t *testing.T) {
	for arguments, want := range map[string]string{
		"--node-ip 10.77.0.11":                                         "--node-name is missing: the name of this machine's Node",
		"--node-name a --node-ip fd00::1":                              `--node-ip "fd00::1" is no IPv4 address; only IPv4 is carried`,
		"--node-name a --node-ip 10.77.0.11 --cluster-cidr x":          `--cluster-cidr "x" is no IPv4 network; it is one such as 10.42.0.0/16`,
		"--node-name a --node-ip 10.77.0.11 --backend ipsec":           `--backend "ipsec" is unknown; it is vxlan, wireguard-native or host-gw`,
		"--node-name a --node-ip 10.77.0.11 --backend host-gw further": "further: there are no arguments without a flag",
	} {
		if _, err := parse(strings.Fields(arguments)); err == nil || err.Error() != want {
			t.Errorf("%s: %v", arguments, err)
		}
	}
}
