package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net"
	"net/netip"
)

// A frame is a VXLAN header of 8 bytes (RFC 7348, section 5), an Ethernet header of 14 and an IPv4 packet.
const (
	vni          = 1 // flannel's default
	vxlanHeader  = 8
	frameHeader  = vxlanHeader + 14
	validVNI     = 0x08 // the I flag
	etherIPv4    = 0x0800
	vxlanPort    = 8472 // Linux' default, which flannel leaves as it is
	vxlanOutside = 50   // IPv4, UDP, VXLAN and inner Ethernet headers
)

type mac [6]byte

func (m mac) String() string { return net.HardwareAddr(m[:]).String() }

// vxlanData is the annotation of a node with VXLAN (flannel, pkg/backend/vxlan, vxlanLeaseAttrs).
type vxlanData struct {
	VNI     uint32
	VtepMAC string
}

func (d vxlanData) address() (m mac, err error) {
	address, err := net.ParseMAC(d.VtepMAC)
	if err != nil || len(address) != len(m) {
		return m, fmt.Errorf("VtepMAC %q is no MAC address", d.VtepMAC)
	}
	return mac(address), nil
}

// vtep is another node.
type vtep struct {
	subnet, mask uint32
	outer        netip.AddrPort
	header       [frameHeader]byte // of everything sent to it
}

// vteps is what is known of the other nodes at one time; it never changes.
type vteps struct {
	peers []vtep
	known map[netip.Addr]bool
}

func newVTEPs(own mac, leases []lease) (*vteps, map[string]error) {
	made, failed := &vteps{known: map[netip.Addr]bool{}}, map[string]error{}
	for _, l := range leases {
		var data vxlanData
		err := json.Unmarshal(l.Data, &data)
		if err == nil && data.VNI != vni {
			err = fmt.Errorf("VNI is %d, not %d", data.VNI, vni)
		}
		peer := vtep{outer: netip.AddrPortFrom(l.Address, vxlanPort)}
		var theirs mac
		if err == nil {
			theirs, err = data.address()
		}
		if err != nil {
			failed[l.Node] = err
			continue
		}
		peer.mask = ^uint32(0) << (32 - l.Subnet.Bits())
		subnet := l.Subnet.Addr().As4()
		peer.subnet = binary.BigEndian.Uint32(subnet[:])
		peer.header[0] = validVNI
		binary.BigEndian.PutUint32(peer.header[4:], vni<<8)
		copy(peer.header[vxlanHeader:], theirs[:])
		copy(peer.header[vxlanHeader+6:], own[:])
		binary.BigEndian.PutUint16(peer.header[vxlanHeader+12:], etherIPv4)
		made.peers = append(made.peers, peer)
		made.known[l.Address] = true
	}
	return made, failed
}

// of is the node to whose pods an IPv4 packet goes, if there is one.
func (v *vteps) of(packet []byte) *vtep {
	if len(packet) < 20 || packet[0]>>4 != 4 {
		return nil
	}
	to := binary.BigEndian.Uint32(packet[16:])
	for i := range v.peers {
		if to&v.peers[i].mask == v.peers[i].subnet {
			return &v.peers[i]
		}
	}
	return nil
}

// accepts tells whether a frame from an address is one for this node.
func (v *vteps) accepts(from netip.Addr, frame []byte, own mac) bool {
	return len(frame) >= frameHeader+20 && v.known[from] &&
		frame[0]&validVNI != 0 && binary.BigEndian.Uint32(frame[4:])>>8 == vni &&
		mac(frame[vxlanHeader:vxlanHeader+6]) == own &&
		binary.BigEndian.Uint16(frame[vxlanHeader+12:]) == etherIPv4 && frame[frameHeader]>>4 == 4
}

// flow is a number that all packets of a connection share. Linux makes the outer source port out of such a one, so that
// whatever looks at outer packets alone can keep connections apart.
func flow(packet []byte) uint32 {
	const prime = 16777619
	hash := uint32(2166136261)
	add := func(bytes []byte) {
		for _, b := range bytes {
			hash = (hash ^ uint32(b)) * prime
		}
	}
	add(packet[12:20])
	if ports := int(packet[0]&0xf) * 4; (packet[9] == 6 || packet[9] == 17) && len(packet) >= ports+4 {
		add(packet[ports : ports+4])
	}
	return hash ^ hash>>16
}
