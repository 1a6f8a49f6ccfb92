package main

import (
	"fmt"
	"net/netip"

	"github.com/vishvananda/netlink"
)

// hostGateway is a route by way of each other node, which has to be in the same network.
type hostGateway struct{ address netip.Addr }

func (h *hostGateway) data() string        { return "null" }
func (h *hostGateway) reach([]lease) error { return nil }
func (h *hostGateway) ownAddress() bool    { return false }

func (h *hostGateway) mtu() int {
	if link, err := h.link(); err == nil {
		return link.Attrs().MTU
	}
	return 1500
}

// link is the interface with the node's address.
func (h *hostGateway) link() (netlink.Link, error) {
	found, err := netlink.AddrList(nil, netlink.FAMILY_V4)
	if err != nil {
		return nil, err
	}
	for _, one := range found {
		if one.IP.Equal(h.address.AsSlice()) {
			return netlink.LinkByIndex(one.LinkIndex)
		}
	}
	return nil, fmt.Errorf("--node-ip %s is no address of this machine", h.address)
}

func (h *hostGateway) routes(peers []lease) (routes []netlink.Route) {
	for _, peer := range peers {
		routes = append(routes, netlink.Route{Dst: toNet(peer.Subnet), Gw: peer.Address.AsSlice()})
	}
	return routes
}
