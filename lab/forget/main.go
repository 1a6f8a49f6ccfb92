// lab-forget: a file system that forgets, when it is killed, what was not synced: a disk whose machine loses its power.
//
//	lab-forget [-names POLICY] [-unsynced DURATION] DURABLE MOUNTPOINT
//
// DURABLE is a plain folder with what a power cut leaves. MOUNTPOINT shows it, and takes changes into a copy next to it,
// DURABLE.live. From there an fsync brings them into DURABLE:
//
//   - fsync, fdatasync, msync, O_SYNC and O_DSYNC: the file's content and size;
//   - for names (created, linked, renamed, removed) there are the policies of -names;
//   - mode, owner, times and extended attributes of what is in DURABLE are there at once, without an fsync.
//
// What has been unsynced for the time of -unsynced (30s, as the kernel has it in vm.dirty_expire_centisecs) is written in
// the background; 0 is never. A file system that is unmounted, or gets SIGTERM, writes everything. SIGKILL is the power
// cut: whatever uses the file system gets errors until it is started again on the same folder.
//
// It says "ready" when it can be used; one that is killed before may leave a process that never ends.
//
// It is harsher than a disk: nothing unsynced is kept by chance, whereas a kernel writes some of it early and in any order.
// sync and syncfs do nothing, as FUSE does not pass them on.
package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

func main() {
	log.SetFlags(log.Ldate | log.Ltime)
	log.SetPrefix("lab-forget: ")
	names := anyFsync
	flag.TextVar(&names, "names", anyFsync, "what makes a name durable: "+policies)
	unsynced := flag.Duration("unsynced", 30*time.Second, "how long something stays unsynced at most; 0: for good")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: lab-forget [-names POLICY] [-unsynced DURATION] DURABLE MOUNTPOINT")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 2 || *unsynced < 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(flag.Arg(0), flag.Arg(1), names, *unsynced); err != nil {
		log.Fatal(err)
	}
}

func run(durable, mountpoint string, names policy, unsynced time.Duration) error {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, unix.SIGTERM, unix.SIGINT)
	// Two descriptors for each file; Go has raised the limit as far as it may.
	_ = unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: 1 << 20, Max: 1 << 20})
	disk, err := openDisk(filepath.Clean(durable), names)
	if err != nil {
		return err
	}
	detachDead(mountpoint)
	server, err := disk.mount(mountpoint)
	if err != nil {
		return fmt.Errorf("%s: %w", mountpoint, err)
	}
	fmt.Println("ready")
	go func() {
		<-stop
		// Also while it is in use.
		if err := unix.Unmount(mountpoint, unix.MNT_DETACH); err != nil {
			log.Printf("%s: %v", mountpoint, err)
		}
		if err := disk.sync(); err != nil {
			log.Fatal(err)
		}
		os.Exit(0)
	}()
	if unsynced > 0 {
		go disk.writeBack(unsynced)
	}
	server.Wait()
	return disk.sync()
}

// detachDead unmounts what a killed one left at the mountpoint.
func detachDead(mountpoint string) {
	var is unix.Statfs_t // other than attributes, it is never known from before
	for errors.Is(unix.Statfs(mountpoint, &is), unix.ENOTCONN) {
		if err := unix.Unmount(mountpoint, unix.MNT_DETACH|unix.MNT_FORCE); err != nil {
			log.Printf("%s: %v", mountpoint, err)
			return
		}
	}
}
