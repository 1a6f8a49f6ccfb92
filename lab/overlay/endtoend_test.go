package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Three nodes with a pod each in network namespaces, joined by a bridge in a fourth, with a stand-in for the API
// server. lab/test/overlay runs this, as it needs root; elsewhere it is skipped.

// TestMain is also the programs that run inside the namespaces.
func TestMain(m *testing.M) {
	switch os.Getenv("OVERLAY_TEST") {
	case "overlay":
		main()
	case "echo":
		echo(os.Args[1])
	case "ask":
		ask(os.Args[1])
	case "send":
		send(os.Args[1], os.Args[2])
	default:
		os.Exit(m.Run())
	}
}

// echo tells each client its address as seen here, and then takes whatever comes.
func echo(at string) {
	listener, err := net.Listen("tcp4", at)
	for err == nil {
		var connection net.Conn
		if connection, err = listener.Accept(); err == nil {
			go func() {
				defer connection.Close()
				fmt.Fprintln(connection, connection.RemoteAddr().(*net.TCPAddr).IP)
				n, _ := io.Copy(io.Discard, connection)
				fmt.Fprintln(os.Stderr, "received", n)
			}()
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func dial(to string) net.Conn {
	connection, err := net.DialTimeout("tcp4", to, 3*time.Second)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	return connection
}

func ask(to string) {
	connection := dial(to)
	_ = connection.SetDeadline(time.Now().Add(3 * time.Second))
	answer := make([]byte, 64)
	n, err := connection.Read(answer)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Print(string(answer[:n]))
}

// send prints how many bytes were taken in a time, and the longest pause.
func send(to, lasting string) {
	duration, _ := time.ParseDuration(lasting)
	connection := dial(to)
	block := make([]byte, 256<<10)
	total, pause, last := 0, time.Duration(0), time.Now()
	for began := time.Now(); time.Since(began) < duration; {
		_ = connection.SetWriteDeadline(time.Now().Add(20 * time.Second))
		n, err := connection.Write(block)
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		total += n
		pause, last = max(pause, time.Since(last)), time.Now()
	}
	fmt.Println(total, pause.Milliseconds())
}

// ------------------------------------------------------------------------------------------------------ API stand-in

// api answers what lab-overlay asks: nodes listed, watched and patched.
type api struct {
	mutex   sync.Mutex
	nodes   map[string]*corev1.Node
	version int
	changed chan struct{}
	server  *http.Server
	in      string
}

func (a *api) start(t *testing.T) {
	t.Helper()
	var listener net.Listener
	inside(t, a.in, func() (err error) { listener, err = net.Listen("tcp4", "10.77.0.1:8001"); return })
	a.server = &http.Server{Handler: a}
	go func() { _ = a.server.Serve(listener) }()
}

func (a *api) change(how func()) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	how()
	a.version++
	close(a.changed)
	a.changed = make(chan struct{})
}

func (a *api) list() (list corev1.NodeList, changed chan struct{}) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	list.ResourceVersion = strconv.Itoa(a.version)
	for _, node := range a.nodes {
		list.Items = append(list.Items, *node.DeepCopy())
	}
	return list, a.changed
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	path := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	switch {
	case r.Method == "PATCH" && len(path) == 5 && path[4] == "status":
		var patch corev1.Node
		if err := json.NewDecoder(r.Body).Decode(&patch); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		a.change(func() {
			node := a.nodes[path[3]]
			if node.Annotations == nil {
				node.Annotations = map[string]string{}
			}
			for name, value := range patch.Annotations {
				node.Annotations[name] = value
			}
		})
		_ = json.NewEncoder(w).Encode(a.nodes[path[3]])
	case r.URL.Query().Get("watch") != "":
		before, changed := a.list()
		if before.ResourceVersion != r.URL.Query().Get("resourceVersion") { // it has changed since it was listed
			gone := metav1.Status{Status: metav1.StatusFailure, Code: http.StatusGone, Reason: metav1.StatusReasonExpired}
			gone.TypeMeta = metav1.TypeMeta{Kind: "Status", APIVersion: "v1"}
			_ = json.NewEncoder(w).Encode(map[string]any{"type": "ERROR", "object": gone})
			return
		}
		for {
			w.(http.Flusher).Flush()
			select {
			case <-r.Context().Done():
				return
			case <-changed:
			}
			var now corev1.NodeList
			now, changed = a.list()
			event := func(kind string, node corev1.Node) {
				node.TypeMeta = metav1.TypeMeta{Kind: "Node", APIVersion: "v1"}
				_ = json.NewEncoder(w).Encode(map[string]any{"type": kind, "object": node})
			}
			for _, node := range before.Items {
				if !slices.ContainsFunc(now.Items, func(n corev1.Node) bool { return n.Name == node.Name }) {
					event("DELETED", node)
				}
			}
			for _, node := range now.Items {
				event("MODIFIED", node)
			}
			before = now
		}
	default:
		list, _ := a.list()
		list.TypeMeta = metav1.TypeMeta{Kind: "NodeList", APIVersion: "v1"}
		_ = json.NewEncoder(w).Encode(list)
	}
}

// -------------------------------------------------------------------------------------------------------- namespaces

func sh(t *testing.T, script string) string {
	t.Helper()
	output, err := exec.Command("bash", "-euc", script).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", script, err, output)
	}
	return string(output)
}

// inside runs a function in a network namespace. What it opens stays there.
func inside(t *testing.T, namespace string, do func() error) {
	t.Helper()
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // for good: the thread ends with this goroutine
		fd, err := unix.Open("/run/netns/"+namespace, unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err == nil {
			err = unix.Setns(fd, unix.CLONE_NEWNET)
		}
		if err == nil {
			err = do()
		}
		done <- err
	}()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

const outer = "nfov"

type lab struct {
	*testing.T
	api      *api
	backend  string
	path     string // with iptables
	folder   string
	programs map[string]*exec.Cmd
}

func names() []string { return []string{"a", "b", "c"} }

func newLab(t *testing.T, backend string) *lab {
	t.Helper()
	if os.Getenv("LAB_OVERLAY_TEST") == "" || os.Geteuid() != 0 {
		t.Skip("lab/test/overlay runs this")
	}
	l := &lab{T: t, backend: backend, folder: t.TempDir(), programs: map[string]*exec.Cmd{}, path: os.Getenv("PATH")}
	l.findIPTables()
	remove := "for n in $(ip netns list | awk '{print $1}' | grep -E '^" + outer + "(-|$)'); do ip netns del $n; done"
	sh(t, remove)
	t.Cleanup(func() {
		for name := range l.programs {
			l.stop(name)
		}
		if l.api.server != nil {
			l.api.server.Close()
		}
		sh(t, remove)
	})
	sh(t, `ip netns add nfov; ip -n nfov link set lo up
ip -n nfov link add nflab0 type bridge; ip -n nfov address add 10.77.0.1/24 dev nflab0; ip -n nfov link set nflab0 up`)
	l.api = &api{nodes: map[string]*corev1.Node{}, changed: make(chan struct{}), in: outer}
	for i, name := range names() {
		pods := fmt.Sprintf("10.42.%d.0/24", i+1)
		l.api.nodes[name] = &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: corev1.NodeSpec{PodCIDR: pods}}
		sh(t, fmt.Sprintf(`n=nfov-%[1]s p=nfov-%[1]s-pod
ip netns add $n; ip netns add $p
ip -n nfov link add port-%[1]s type veth peer name eth0 netns $n
ip -n nfov link set port-%[1]s master nflab0 up
ip -n $n link set lo up; ip -n $n address add 10.77.0.1%[2]d/24 dev eth0; ip -n $n link set eth0 up
ip netns exec $n sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
ip -n $n link add cni0 type bridge; ip -n $n address add 10.42.%[2]d.1/24 dev cni0; ip -n $n link set cni0 up
ip -n $n link add pod mtu %[3]d type veth peer name eth0 mtu %[3]d netns $p
ip -n $n link set pod master cni0 up
ip -n $p link set lo up; ip -n $p address add 10.42.%[2]d.2/24 dev eth0; ip -n $p link set eth0 up
ip -n $p route add default via 10.42.%[2]d.1
ip netns exec $n env PATH=%[4]s iptables -P FORWARD DROP
`, name, i+1, map[string]int{"vxlan": 1450, "wireguard-native": 1420, "host-gw": 1500}[backend], l.path))
	}
	l.api.start(t)
	for i, name := range names() {
		l.run(name, fmt.Sprintf("10.77.0.1%d", i+1))
		l.background("echo", "nfov-"+name+"-pod", ":5001")
	}
	l.background("echo", outer, "10.77.0.1:5001")
	return l
}

// findIPTables takes that of the VPS's root file system where this machine has none.
func (l *lab) findIPTables() {
	if _, err := exec.LookPath("iptables"); err == nil {
		return
	}
	root := os.Getenv("LAB_ROOTFS")
	for _, program := range []string{"iptables", "iptables-restore", "iptables-save"} {
		script := fmt.Sprintf("#!/bin/sh\nexec chroot %s /usr/sbin/%s \"$@\"\n", root, program)
		if err := os.WriteFile(filepath.Join(l.folder, program), []byte(script), 0o755); err != nil {
			l.Fatal(err)
		}
	}
	l.path = l.folder + ":" + l.path
}

func (l *lab) command(role, namespace string, arguments ...string) *exec.Cmd {
	command := exec.Command("ip", append([]string{"netns", "exec", namespace, os.Args[0]}, arguments...)...)
	command.Env = append(os.Environ(), "OVERLAY_TEST="+role, "PATH="+l.path)
	return command
}

func (l *lab) background(role, namespace string, arguments ...string) *exec.Cmd {
	l.Helper()
	command := l.command(role, namespace, arguments...)
	if err := command.Start(); err != nil {
		l.Fatal(err)
	}
	l.Cleanup(func() { _ = command.Process.Kill(); _ = command.Wait() })
	return command
}

// run starts lab-overlay on a node, with /run of its own.
func (l *lab) run(name, address string) {
	l.Helper()
	config := filepath.Join(l.folder, "kubeconfig")
	text := "apiVersion: v1\nkind: Config\nclusters: [{name: lab, cluster: {server: \"http://10.77.0.1:8001\"}}]\n" +
		"contexts: [{name: lab, context: {cluster: lab}}]\ncurrent-context: lab\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		l.Fatal(err)
	}
	command := exec.Command("ip", "netns", "exec", "nfov-"+name, "sh", "-c",
		`mount -t tmpfs tmpfs /run && exec "$@"`, "-", os.Args[0], "--kubeconfig", config, "--node-name", name,
		"--node-ip", address, "--backend", l.backend, "--state", filepath.Join(l.folder, name),
		"--cni-config", filepath.Join(l.folder, name, "cni.conflist"))
	command.Env = append(os.Environ(), "OVERLAY_TEST=overlay", "PATH="+l.path)
	log, err := os.OpenFile(l.log(name), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		l.Fatal(err)
	}
	defer log.Close()
	command.Stdout, command.Stderr = log, log
	if err := command.Start(); err != nil {
		l.Fatal(err)
	}
	l.programs[name] = command
}

func (l *lab) log(name string) string { return filepath.Join(l.folder, name+".log") }

func (l *lab) stop(name string) {
	_ = l.programs[name].Process.Kill()
	_ = l.programs[name].Wait()
	delete(l.programs, name)
}

// ask gives the address that the other side sees, or why there was no answer.
func (l *lab) ask(from, to string) string {
	output, _ := l.command("ask", from, to+":5001").CombinedOutput()
	return strings.TrimSpace(string(output))
}

func (l *lab) soon(what string, is func() bool) {
	l.Helper()
	for began := time.Now(); time.Since(began) < 20*time.Second; time.Sleep(100 * time.Millisecond) {
		if is() {
			return
		}
	}
	for _, name := range names() {
		text, _ := os.ReadFile(l.log(name))
		l.Logf("%s:\n%s", name, text)
	}
	l.Fatalf("%s: not within 20 s", what)
}

func (l *lab) sees(from, to, as string) {
	l.Helper()
	var got string
	l.soon(from+" -> "+to+" as "+as, func() bool { got = l.ask(from, to); return got == as })
}

// cpu is the processor time that a node's lab-overlay has used.
func (l *lab) cpu(name string) time.Duration {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", l.programs[name].Process.Pid))
	if err != nil {
		l.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(content), ") ")
	fields := strings.Fields(rest)
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

func (l *lab) resident(name string) string {
	return strings.TrimSpace(sh(l.T, fmt.Sprintf("sed -n 's/^VmRSS:[[:space:]]*//p' /proc/%d/status", l.programs[name].Process.Pid)))
}

// capture gives the outer IPv4 packets on the bridge's port of a node, until one is found.
func (l *lab) capture(port string, while func(), is func(ip, udp []byte) bool) {
	l.Helper()
	fd := -1
	inside(l.T, outer, func() (err error) {
		if fd, err = unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, int(htons(unix.ETH_P_ALL))); err != nil {
			return err
		}
		link, err := net.InterfaceByName(port)
		if err != nil {
			return err
		}
		timeout := unix.Timeval{Usec: 200_000}
		if err := unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &timeout); err != nil {
			return err
		}
		return unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: htons(unix.ETH_P_ALL), Ifindex: link.Index})
	})
	defer unix.Close(fd)
	while()
	frame := make([]byte, 1<<16)
	for began := time.Now(); time.Since(began) < 3*time.Second; {
		n, _, err := unix.Recvfrom(fd, frame, 0)
		if err != nil || n < 42 || frame[12] != 8 || frame[13] != 0 || frame[14+9] != unix.IPPROTO_UDP {
			continue
		}
		if is(frame[14:n], frame[34:n]) {
			return
		}
	}
	l.Error("no such packet was seen")
}

func htons(v uint16) uint16 { return v<<8 | v>>8 }

func (l *lab) annotation(node, name string) string {
	l.api.mutex.Lock()
	defer l.api.mutex.Unlock()
	return l.api.nodes[node].Annotations["flannel.alpha.coreos.com/"+name]
}

// ------------------------------------------------------------------------------------------------------------- tests

// podsReachPods is what holds with every backend.
func podsReachPods(l *lab) {
	l.sees("nfov-a-pod", "10.42.2.2", "10.42.1.2") // not masqueraded
	l.sees("nfov-b-pod", "10.42.1.2", "10.42.2.2")
	l.sees("nfov-a-pod", "10.42.3.2", "10.42.1.2")
	l.sees("nfov-a-pod", "10.77.0.1", "10.77.0.11") // masqueraded
	if got := l.annotation("a", "public-ip") + " " + l.annotation("a", "kube-subnet-manager"); got != "10.77.0.11 true" {
		l.Errorf("annotated %s", got)
	}
	config, err := os.ReadFile(filepath.Join(l.folder, "b", "cni.conflist"))
	if err != nil || !json.Valid(config) || !bytes.Contains(config, []byte(`"subnet": "10.42.2.0/24"`)) {
		l.Errorf("CNI config %s, %v", config, err)
	}
}

func (l *lab) routes(name string) string {
	return sh(l.T, "ip -n nfov-"+name+" route | grep ^10.42 | { grep -v 'dev cni0' || true; } | sed 's/ linkdown//; s/ *$//'")
}

// throughput is noted, not asserted: it is the machine's.
func (l *lab) throughput() {
	l.Helper()
	before := l.cpu("a") + l.cpu("b")
	began := time.Now()
	output, err := l.command("send", "nfov-a-pod", "10.42.2.2:5001", "3s").CombinedOutput()
	var total, pause int
	if _, scanned := fmt.Sscan(string(output), &total, &pause); err != nil || scanned != nil {
		l.Fatalf("%v %s", err, output)
	}
	gigabits := float64(total) * 8 / 1e9
	l.Logf("%s: %.2f Gbit/s, %.2f s of a processor per Gbit for both ends; resident %s", l.backend,
		gigabits/time.Since(began).Seconds(), (l.cpu("a")+l.cpu("b")-before).Seconds()/gigabits, l.resident("b"))
}

// isRobust: without an API server, through a restart, with a node that moves and one that leaves.
func isRobust(l *lab) {
	l.api.server.Close()
	l.stop("a")
	l.run("a", "10.77.0.11")
	l.sees("nfov-a-pod", "10.42.2.2", "10.42.1.2")
	l.api.start(l.T)

	streaming := l.command("send", "nfov-a-pod", "10.42.2.2:5001", "4s")
	var output bytes.Buffer
	streaming.Stdout = &output
	if err := streaming.Start(); err != nil {
		l.Fatal(err)
	}
	time.Sleep(time.Second)
	l.stop("b")
	l.run("b", "10.77.0.12")
	if err := streaming.Wait(); err != nil {
		l.Errorf("a connection ended with the restart: %s", output.String())
	}
	var total, pause int
	_, _ = fmt.Sscan(output.String(), &total, &pause)
	l.Logf("%s: a restart held a connection up for %d ms", l.backend, pause)

	l.stop("c")
	sh(l.T, "ip -n nfov-c address del 10.77.0.13/24 dev eth0; ip -n nfov-c address add 10.77.0.33/24 dev eth0")
	l.run("c", "10.77.0.33")
	l.sees("nfov-a-pod", "10.42.3.2", "10.42.1.2")
	l.api.change(func() { delete(l.api.nodes, "c") })
	l.soon("c is gone", func() bool { return l.ask("nfov-a-pod", "10.42.3.2") != "10.42.1.2" })
	l.sees("nfov-a-pod", "10.42.2.2", "10.42.1.2")
}

func TestEndToEndVXLAN(t *testing.T) {
	l := newLab(t, "vxlan")
	podsReachPods(l)
	l.sees("nfov-a", "10.42.2.2", "10.42.1.0")
	if got, want := l.routes("a"), "10.42.2.0/24 via 10.42.2.0 dev flannel.1 onlink\n10.42.3.0/24 via 10.42.3.0 dev flannel.1 onlink\n"; got != want {
		t.Errorf("routes\n%s", got)
	}
	if got := sh(t, "ip -n nfov-a -o link show flannel.1"); !strings.Contains(got, "mtu 1450") {
		t.Error(got)
	}
	var from, to vxlanData
	_ = json.Unmarshal([]byte(l.annotation("a", "backend-data")), &from)
	_ = json.Unmarshal([]byte(l.annotation("b", "backend-data")), &to)
	var mine []byte
	l.capture("port-b", func() { l.ask("nfov-a-pod", "10.42.2.2") }, func(ip, udp []byte) bool {
		port := binary.BigEndian.Uint16(udp[2:])
		source := binary.BigEndian.Uint16(udp)
		frame := udp[8:]
		if port != 8472 || !bytes.Equal(ip[12:20], []byte{10, 77, 0, 11, 10, 77, 0, 12}) {
			return false
		}
		if source == 8472 || ip[6]&0x40 != 0 {
			t.Errorf("from port %d, flags %x", source, ip[6])
		}
		want := []byte{8, 0, 0, 0, 0, 0, 1, 0}
		toMAC, _ := net.ParseMAC(to.VtepMAC)
		fromMAC, _ := net.ParseMAC(from.VtepMAC)
		want = append(append(append(want, toMAC...), fromMAC...), 8, 0, 0x45)
		if !bytes.HasPrefix(frame, want) || !bytes.Equal(frame[22+12:22+20], []byte{10, 42, 1, 2, 10, 42, 2, 2}) {
			t.Errorf("frame %x, not %x", frame[:min(len(frame), 42)], want)
		}
		mine = slices.Clone(frame)
		return true
	})
	strangers(l, mine)
	l.throughput()
	isRobust(l)
}

// strangers are not listened to: the same frame is taken from a node, and not from the machine outside.
func strangers(l *lab, frame []byte) {
	l.Helper()
	received := func() int {
		n, _ := strconv.Atoi(strings.TrimSpace(sh(l.T, "ip netns exec nfov-b cat /sys/class/net/flannel.1/statistics/rx_packets")))
		return n
	}
	sent := func(namespace, from string) int {
		before := received()
		inside(l.T, namespace, func() error {
			connection, err := net.DialUDP("udp4", &net.UDPAddr{IP: net.ParseIP(from)}, &net.UDPAddr{IP: net.ParseIP("10.77.0.12"), Port: 8472})
			if err != nil {
				return err
			}
			defer connection.Close()
			_, err = connection.Write(frame)
			return err
		})
		time.Sleep(300 * time.Millisecond)
		return received() - before
	}
	if n := sent(outer, "10.77.0.1"); n != 0 {
		l.Errorf("%d packets of a stranger were taken", n)
	}
	if n := sent("nfov-a", "10.77.0.11"); n == 0 {
		l.Error("the same from a node was not taken, so that this shows nothing")
	}
}

func TestEndToEndWireGuard(t *testing.T) {
	l := newLab(t, "wireguard-native")
	podsReachPods(l)
	l.sees("nfov-a", "10.42.2.2", "10.42.1.0")
	if got, want := l.routes("a"), "10.42.0.0/16 dev flannel-wg scope link\n"; got != want {
		t.Errorf("routes\n%s", got)
	}
	if got := sh(t, "ip -n nfov-a -o link show flannel-wg"); !strings.Contains(got, "mtu 1420") {
		t.Error(got)
	}
	l.capture("port-b", func() { l.ask("nfov-a-pod", "10.42.2.2") }, func(ip, udp []byte) bool {
		ports := [2]uint16{binary.BigEndian.Uint16(udp), binary.BigEndian.Uint16(udp[2:])}
		if bytes.Contains(udp, []byte{10, 42, 1, 2, 10, 42, 2, 2}) {
			t.Errorf("not encrypted: %x", udp)
		}
		return ports == [2]uint16{51820, 51820} && bytes.HasPrefix(udp[8:], []byte{4, 0, 0, 0}) // transport data
	})
	l.throughput()
	isRobust(l)
}

func TestEndToEndHostGateway(t *testing.T) {
	l := newLab(t, "host-gw")
	podsReachPods(l)
	if got, want := l.routes("a"), "10.42.2.0/24 via 10.77.0.12 dev eth0\n10.42.3.0/24 via 10.77.0.13 dev eth0\n"; got != want {
		t.Errorf("routes\n%s", got)
	}
	isRobust(l)

	// Another backend leaves nothing of this one.
	for i, name := range []string{"a", "b"} {
		l.stop(name)
		l.backend = "vxlan"
		l.run(name, fmt.Sprintf("10.77.0.1%d", i+1))
	}
	l.soon("routes", func() bool { return l.routes("a") == "10.42.2.0/24 via 10.42.2.0 dev flannel.1 onlink\n" })
	l.sees("nfov-a-pod", "10.42.2.2", "10.42.1.2")
}
