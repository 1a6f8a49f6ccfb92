package main

import (
	"fmt"

	"golang.org/x/sys/unix"
	"golang.zx2c4.com/wireguard/tun"
)

// openTUN takes over an interface that an earlier run has left, with its address and routes, or makes one. It stays
// when this program ends, so that a restart loses only what is sent meanwhile.
func openTUN(name string, mtu int) (tun.Device, error) {
	device, err := tun.CreateTUN(name, mtu)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	raw, err := device.File().SyscallConn()
	if err != nil {
		return nil, err
	}
	var failed error
	if err := raw.Control(func(fd uintptr) { failed = unix.IoctlSetInt(int(fd), unix.TUNSETPERSIST, 1) }); err != nil {
		return nil, err
	}
	if failed != nil {
		return nil, fmt.Errorf("%s: %w", name, failed)
	}
	return device, nil
}
