// lab-delay: holds every Ethernet frame that is sent into an interface for a time, and then sends it out of another, in
// the same order: what `tc netem delay` does, for kernels without it. `lab/network delay` starts two of them for each
// pair of VPSes, one per direction.
//
//	lab-delay INTERFACE PORT MILLISECONDS
//
// INTERFACE is a TAP device that it makes, and that ends with it. Frames beyond 64 MiB in flight are lost, as in a
// full queue.
package main

import (
	"errors"
	"log"
	"net"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

const (
	mostInFlight = 64 << 20 // bytes: 2.5 s at 200 Mbit/s
	largestFrame = 64 << 10
)

func main() {
	log.SetFlags(log.Ldate | log.Ltime)
	log.SetPrefix("lab-delay: ")
	if len(os.Args) != 4 {
		log.Fatal("usage: lab-delay INTERFACE PORT MILLISECONDS")
	}
	milliseconds, err := strconv.Atoi(os.Args[3])
	if err != nil || milliseconds < 1 {
		log.Fatalf("%q is no number of milliseconds", os.Args[3])
	}
	tap, err := openTAP(os.Args[1])
	if err != nil {
		log.Fatalf("%s: %v", os.Args[1], err)
	}
	send, err := sender(os.Args[2])
	if err != nil {
		log.Fatalf("%s: %v", os.Args[2], err)
	}
	l := newLine(time.Duration(milliseconds)*time.Millisecond, mostInFlight)
	go l.release(send)
	buffer := make([]byte, largestFrame)
	for {
		n, err := tap.Read(buffer)
		if err != nil {
			log.Fatalf("%s: %v", os.Args[1], err)
		}
		l.take(buffer[:n], time.Now())
	}
}

// openTAP gives one frame per read. Without the vnet header the kernel segments before, and computes checksums.
func openTAP(name string) (*os.File, error) {
	fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	request, err := unix.NewIfreq(name)
	if err != nil {
		return nil, err
	}
	request.SetUint16(unix.IFF_TAP | unix.IFF_NO_PI | unix.IFF_TUN_EXCL)
	if err := unix.IoctlIfreq(fd, unix.TUNSETIFF, request); err != nil {
		return nil, err
	}
	// Otherwise this machine's own IPv6 announcements would be sent on.
	err = os.WriteFile("/proc/sys/net/ipv6/conf/"+name+"/disable_ipv6", []byte("1"), 0)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	socket, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	defer unix.Close(socket)
	request.SetUint32(10_000)
	if err := unix.IoctlIfreq(socket, unix.SIOCSIFTXQLEN, request); err != nil {
		return nil, err
	}
	request.SetUint16(unix.IFF_UP | unix.IFF_NOARP)
	if err := unix.IoctlIfreq(socket, unix.SIOCSIFFLAGS, request); err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), name), nil
}

func sender(port string) (func([]byte), error) {
	link, err := net.InterfaceByName(port)
	if err != nil {
		return nil, err
	}
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0) // receives nothing
	if err != nil {
		return nil, err
	}
	to := &unix.SockaddrLinklayer{Ifindex: link.Index}
	failed := ""
	return func(frame []byte) {
		// A frame that cannot be sent is lost, as on any network.
		if err := unix.Sendto(fd, frame, 0, to); err != nil && err.Error() != failed {
			failed = err.Error()
			log.Printf("%s: %v", port, err)
		}
	}, nil
}

type frame struct {
	content []byte
	due     time.Time
}

// line is where frames are on their way.
type line struct {
	delay    time.Duration
	most     int64
	inFlight atomic.Int64
	frames   chan frame
	lost     atomic.Int64
}

func newLine(delay time.Duration, most int64) *line {
	return &line{delay: delay, most: most, frames: make(chan frame, 1<<16)}
}

func (l *line) take(content []byte, now time.Time) {
	if l.inFlight.Load()+int64(len(content)) > l.most {
		l.lost.Add(1)
		return
	}
	select {
	case l.frames <- frame{append([]byte(nil), content...), now.Add(l.delay)}:
		l.inFlight.Add(int64(len(content)))
	default:
		l.lost.Add(1)
	}
}

func (l *line) release(send func([]byte)) {
	for f := range l.frames {
		if wait := time.Until(f.due); wait > 0 {
			time.Sleep(wait)
		}
		l.inFlight.Add(-int64(len(f.content)))
		send(f.content)
	}
}
