package main

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"unsafe"

	"github.com/vishvananda/netlink"
	"golang.org/x/net/ipv4"
	"golang.org/x/sys/unix"
	"golang.zx2c4.com/wireguard/tun"
)

const (
	vxlanName   = "flannel.1"
	senders     = 8     // outer source ports
	largest     = 65507 // bytes of a UDP datagram, and so of what is segmented by the kernel into several
	mostAtOnce  = 64    // of those (Linux, UDP_MAX_SEGMENTS of older kernels)
	socketQueue = 7 << 20
)

// vxlan frames packets and sends them in UDP. The kernel hands over up to 64 KiB of a connection at once and takes as
// much (GSO, GRO), on the inside as on the outside.
type vxlan struct {
	mac     mac
	device  tun.Device
	size    int
	receive *ipv4.PacketConn
	send    [senders]*ipv4.PacketConn
	table   atomic.Pointer[vteps]
	whole   atomic.Bool // the kernel does not segment UDP here
}

func newVXLAN(o options) (backend, error) {
	outside, err := (&hostGateway{o.address}).link()
	if err != nil {
		return nil, err
	}
	v := &vxlan{size: outside.Attrs().MTU - vxlanOutside}
	v.table.Store(&vteps{})
	if v.mac, err = ownMAC(filepath.Join(o.state, "mac")); err != nil {
		return nil, err
	}
	if v.receive, err = listen(o, vxlanPort); err != nil {
		return nil, err
	}
	if err := control(v.receive, unix.IPPROTO_UDP, unix.UDP_GRO, 1); err != nil {
		return nil, fmt.Errorf("UDP_GRO: %w", err)
	}
	for i := range v.send {
		if v.send[i], err = listen(o, 0); err != nil {
			return nil, err
		}
		// As of Linux' VXLAN: without the DF flag.
		if err := control(v.send[i], unix.IPPROTO_IP, unix.IP_MTU_DISCOVER, unix.IP_PMTUDISC_DONT); err != nil {
			return nil, err
		}
	}
	if v.device, err = openTUN(vxlanName, v.size); err != nil {
		return nil, err
	}
	go v.outward()
	go v.inward()
	return v, nil
}

// ownMAC stays the same, as flannel's does.
func ownMAC(path string) (m mac, err error) {
	content, err := os.ReadFile(path)
	if err == nil {
		return vxlanData{VtepMAC: strings.TrimSpace(string(content))}.address()
	}
	if !os.IsNotExist(err) {
		return m, err
	}
	if _, err := rand.Read(m[:]); err != nil {
		return m, err
	}
	m[0] = m[0]&^1 | 2 // of one interface, made up locally
	return m, writeFile(path, []byte(m.String()+"\n"), 0o600)
}

func listen(o options, port int) (*ipv4.PacketConn, error) {
	connection, err := net.ListenUDP("udp4", &net.UDPAddr{IP: o.address.AsSlice(), Port: port})
	if err != nil {
		return nil, err
	}
	packets := ipv4.NewPacketConn(connection)
	for _, option := range []int{unix.SO_RCVBUFFORCE, unix.SO_SNDBUFFORCE} {
		_ = control(packets, unix.SOL_SOCKET, option, socketQueue)
	}
	return packets, nil
}

func control(connection *ipv4.PacketConn, level, option, value int) error {
	raw, err := connection.PacketConn.(syscall.Conn).SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	if err := raw.Control(func(fd uintptr) { failed = unix.SetsockoptInt(int(fd), level, option, value) }); err != nil {
		return err
	}
	return failed
}

func (v *vxlan) data() string {
	text, _ := json.Marshal(vxlanData{VNI: vni, VtepMAC: v.mac.String()}) // cannot fail
	return string(text)
}

func (v *vxlan) mtu() int                    { return v.size }
func (v *vxlan) ownAddress() bool            { return true }
func (v *vxlan) link() (netlink.Link, error) { return netlink.LinkByName(vxlanName) }

func (v *vxlan) reach(peers []lease) error {
	table, failed := newVTEPs(v.mac, peers)
	for node, err := range failed {
		log.Printf("%s is not reached: %v", node, err)
	}
	v.table.Store(table)
	return nil
}

func (v *vxlan) routes(peers []lease) (routes []netlink.Route) {
	for _, peer := range peers {
		routes = append(routes, netlink.Route{
			Dst: toNet(peer.Subnet), Gw: peer.Subnet.Addr().AsSlice(), Flags: int(netlink.FLAG_ONLINK),
		})
	}
	return routes
}

// outward takes packets from the interface to the other nodes.
func (v *vxlan) outward() {
	batch := v.device.BatchSize()
	buffers, sizes := make([][]byte, batch), make([]int, batch)
	for i := range buffers {
		buffers[i] = make([]byte, frameHeader+v.size+64)
	}
	out := newDatagrams(batch)
	for {
		n, err := v.device.Read(buffers, sizes, frameHeader)
		if err != nil && (errors.Is(err, os.ErrClosed) || !errors.Is(err, tun.ErrTooManySegments) && n == 0 && fatal(err)) {
			log.Fatalf("%s: %v", vxlanName, err)
		}
		table := v.table.Load()
		for i := 0; i < n; {
			packet := buffers[i][frameHeader : frameHeader+sizes[i]]
			peer := table.of(packet)
			if peer == nil {
				i++
				continue
			}
			// Neighbours in a batch are usually of one connection.
			socket, first := flow(packet)%senders, i
			for ; i < n; i++ {
				packet = buffers[i][frameHeader : frameHeader+sizes[i]]
				if i > first && (table.of(packet) != peer || flow(packet)%senders != socket) {
					break
				}
				copy(buffers[i], peer.header[:])
				out.add(buffers[i][:frameHeader+sizes[i]], !v.whole.Load())
			}
			if err := out.send(v.send[socket], net.UDPAddrFromAddrPort(peer.outer)); errors.Is(err, unix.EIO) {
				v.whole.Store(true) // nothing computes checksums on the way out
			}
		}
	}
}

// fatal tells whether reading again is of no use.
func fatal(err error) bool {
	var errno syscall.Errno
	return errors.As(err, &errno) && errno != unix.EINTR && errno != unix.EAGAIN
}

// datagrams are UDP messages of one destination, of which the kernel makes several each.
type datagrams struct {
	messages []ipv4.Message
	used     int
	bytes    int // of the last
}

func newDatagrams(most int) *datagrams {
	d := &datagrams{messages: make([]ipv4.Message, most)}
	for i := range d.messages {
		d.messages[i].Buffers = make([][]byte, 0, mostAtOnce)
		d.messages[i].OOB = make([]byte, 0, unix.CmsgSpace(2))
	}
	return d
}

// add appends a frame to the last message if all of that one but the last frame have the same size.
func (d *datagrams) add(frame []byte, together bool) {
	if together && d.used > 0 {
		last := &d.messages[d.used-1]
		each, end := len(last.Buffers[0]), len(last.Buffers[len(last.Buffers)-1])
		if len(frame) <= each && end == each && len(last.Buffers) < mostAtOnce && d.bytes+len(frame) <= largest {
			last.Buffers = append(last.Buffers, frame)
			d.bytes += len(frame)
			return
		}
	}
	message := &d.messages[d.used]
	message.Buffers = append(message.Buffers[:0], frame)
	d.used++
	d.bytes = len(frame)
}

func (d *datagrams) send(connection *ipv4.PacketConn, to *net.UDPAddr) (failed error) {
	for i := range d.messages[:d.used] {
		message := &d.messages[i]
		message.Addr, message.OOB = to, message.OOB[:0]
		if len(message.Buffers) > 1 {
			message.OOB = message.OOB[:unix.CmsgSpace(2)]
			header := (*unix.Cmsghdr)(unsafe.Pointer(&message.OOB[0]))
			header.Level, header.Type = unix.SOL_UDP, unix.UDP_SEGMENT
			header.SetLen(unix.CmsgLen(2))
			*(*uint16)(unsafe.Pointer(&message.OOB[unix.CmsgLen(0)])) = uint16(len(message.Buffers[0]))
		}
	}
	for left := d.messages[:d.used]; len(left) > 0; {
		n, err := connection.WriteBatch(left, 0)
		if err != nil { // lost, as on any network: the address may be unreachable now
			failed = err
			n = max(n, 0) + 1
		}
		left = left[min(n, len(left)):]
	}
	d.used = 0
	return failed
}

// inward takes frames of the other nodes to the interface.
func (v *vxlan) inward() {
	const most = 2 // of up to 64 KiB
	messages := make([]ipv4.Message, most)
	for i := range messages {
		messages[i] = ipv4.Message{Buffers: [][]byte{make([]byte, 1<<16)}, OOB: make([]byte, unix.CmsgSpace(4))}
	}
	// The interface puts packets of a connection together in the first one's buffer.
	buffers := make([][]byte, 0, most*mostAtOnce)
	free := make([][]byte, most*mostAtOnce)
	for i := range free {
		free[i] = make([]byte, 1<<16)
	}
	for {
		for i := range messages {
			messages[i].OOB = messages[i].OOB[:cap(messages[i].OOB)]
		}
		n, err := v.receive.ReadBatch(messages, 0)
		if err != nil {
			if errors.Is(err, net.ErrClosed) || fatal(err) && !errors.Is(err, unix.ECONNREFUSED) {
				log.Fatalf("UDP port %d: %v", vxlanPort, err)
			}
			continue
		}
		table := v.table.Load()
		buffers = buffers[:0]
		for i := range messages[:n] {
			from, ok := messages[i].Addr.(*net.UDPAddr)
			if !ok {
				continue
			}
			sender := from.AddrPort().Addr().Unmap()
			rest := messages[i].Buffers[0][:messages[i].N]
			each := segment(messages[i].OOB[:messages[i].NN], len(rest))
			for len(rest) > 0 {
				frame := rest[:min(each, len(rest))]
				rest = rest[len(frame):]
				if !table.accepts(sender, frame, v.mac) || len(buffers) == cap(buffers) {
					continue
				}
				buffer := free[len(buffers)][:len(frame)]
				copy(buffer, frame)
				buffers = append(buffers, buffer)
			}
		}
		if len(buffers) == 0 {
			continue
		}
		if _, err := v.device.Write(buffers, frameHeader); errors.Is(err, os.ErrClosed) {
			log.Fatalf("%s: %v", vxlanName, err)
		}
	}
}

// segment is the size of the datagrams that the kernel has put together, or that of the only one.
func segment(control []byte, whole int) int {
	messages, err := unix.ParseSocketControlMessage(control)
	if err != nil {
		return whole
	}
	for _, message := range messages {
		if message.Header.Level == unix.SOL_UDP && message.Header.Type == unix.UDP_GRO && len(message.Data) >= 2 {
			if size := int(*(*uint16)(unsafe.Pointer(&message.Data[0]))); size > 0 {
				return size
			}
		}
	}
	return whole
}
