package main

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
	"golang.org/x/sys/unix"
)

// mount serves the live folder at the mountpoint.
func (d *disk) mount(mountpoint string) (*fuse.Server, error) {
	root, err := fs.NewLoopbackRoot(d.path)
	if err != nil {
		return nil, err
	}
	// Nothing changes beside the kernel's own requests.
	known := time.Minute
	return fs.Mount(mountpoint, &node{LoopbackNode: root.(*fs.LoopbackNode), disk: d}, &fs.Options{
		EntryTimeout:   &known,
		AttrTimeout:    &known,
		RootStableAttr: &fs.StableAttr{Mode: unix.S_IFDIR, Ino: d.root.number, Gen: 1},
		MountOptions: fuse.MountOptions{
			AllowOther:        true,
			Options:           []string{"default_permissions"},
			DirectMountStrict: true,
			FsName:            d.path,
			Name:              "lab-forget",
			MaxWrite:          1 << 20,
			// Otherwise the kernel writes beside us.
			DisabledCapabilities: fuse.CAP_PASSTHROUGH,
			IgnoreSecurityLabels: true,
		},
	})
}

// node is an object of the live folder. Its names and content change only here.
type node struct {
	*fs.LoopbackNode
	disk  *disk
	found atomic.Pointer[inode]
}

var (
	_ fs.NodeWrapChilder    = (*node)(nil)
	_ fs.NodeOpendirHandler = (*node)(nil)
	_ fs.NodeWriter         = (*node)(nil)
	_ fs.NodeAllocater      = (*node)(nil)
	_ fs.NodeFsyncer        = (*node)(nil)
)

func (n *node) WrapChild(_ context.Context, child fs.InodeEmbedder) fs.InodeEmbedder {
	return &node{LoopbackNode: child.(*fs.LoopbackNode), disk: n.disk}
}

func (n *node) inode() *inode {
	if found := n.found.Load(); found != nil {
		return found
	}
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	return n.lockedInode()
}

// lockedInode is the same for those who have the disk's lock.
func (n *node) lockedInode() *inode {
	if found := n.found.Load(); found != nil {
		return found
	}
	found := n.disk.inodes[n.StableAttr().Ino]
	if found == nil {
		// Removed for good, and still open.
		found = &inode{live: noFile, durable: noFile}
	}
	n.found.Store(found)
	return found
}

func (n *node) at(name string) entry { return entry{n.lockedInode(), name} }

func errno(err error) unix.Errno {
	if err != nil {
		return unix.EIO
	}
	return 0
}

// ---------------------------------------------------------------------------------------------------------------- names

// created takes note of what has just been made, unless it was there. A directory with the set-group-ID bit gives it its group.
func (n *node) created(name string, attributes *fuse.Attr) unix.Errno {
	at := n.at(name)
	if n.disk.find(at) != nil {
		return 0
	}
	live, err := openFile(at.dir.live, name)
	if err != nil {
		return errno(err)
	}
	if dir, err := stat(at.dir.live); err == nil && dir.Mode&unix.S_ISGID != 0 {
		if err := unix.Fchownat(live, "", -1, int(dir.Gid), unix.AT_EMPTY_PATH); err != nil {
			return errno(err)
		}
		attributes.Gid = dir.Gid
	}
	made, err := n.disk.add(live, noFile)
	if err != nil {
		return errno(err)
	}
	n.disk.record(&change{what: creating, node: made, to: at})
	return 0
}

func (n *node) Create(ctx context.Context, name string, flags, mode uint32, out *fuse.EntryOut) (*fs.Inode, fs.FileHandle, uint32, unix.Errno) {
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	made, file, more, no := n.LoopbackNode.Create(ctx, name, withoutSync(flags), mode, out)
	if no == 0 {
		no = n.created(name, &out.Attr)
	}
	return made, file, more, no
}

// make does what creates a name, and records it.
func (n *node) make(name string, out *fuse.EntryOut, create func() (*fs.Inode, unix.Errno)) (*fs.Inode, unix.Errno) {
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	made, no := create()
	if no == 0 {
		no = n.created(name, &out.Attr)
	}
	return made, no
}

func (n *node) Mkdir(ctx context.Context, name string, mode uint32, out *fuse.EntryOut) (*fs.Inode, unix.Errno) {
	return n.make(name, out, func() (*fs.Inode, unix.Errno) {
		return n.LoopbackNode.Mkdir(ctx, name, mode, out)
	})
}

func (n *node) Mknod(ctx context.Context, name string, mode, device uint32, out *fuse.EntryOut) (*fs.Inode, unix.Errno) {
	return n.make(name, out, func() (*fs.Inode, unix.Errno) {
		return n.LoopbackNode.Mknod(ctx, name, mode, device, out)
	})
}

func (n *node) Symlink(ctx context.Context, target, name string, out *fuse.EntryOut) (*fs.Inode, unix.Errno) {
	return n.make(name, out, func() (*fs.Inode, unix.Errno) {
		return n.LoopbackNode.Symlink(ctx, target, name, out)
	})
}

func (n *node) Tmpfile(context.Context, uint32, uint32, *fuse.EntryOut) (*fs.Inode, fs.FileHandle, uint32, unix.Errno) {
	return nil, nil, 0, unix.EOPNOTSUPP
}

func (n *node) Link(ctx context.Context, target fs.InodeEmbedder, name string, out *fuse.EntryOut) (*fs.Inode, unix.Errno) {
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	made, no := n.LoopbackNode.Link(ctx, target, name, out)
	if no == 0 {
		at := n.at(name)
		linked := n.disk.find(at)
		linked.names++
		n.disk.record(&change{what: linking, node: linked, to: at})
	}
	return made, no
}

func (n *node) Unlink(ctx context.Context, name string) unix.Errno {
	return n.remove(name, func() unix.Errno { return n.LoopbackNode.Unlink(ctx, name) })
}

func (n *node) Rmdir(ctx context.Context, name string) unix.Errno {
	return n.remove(name, func() unix.Errno { return n.LoopbackNode.Rmdir(ctx, name) })
}

func (n *node) remove(name string, remove func() unix.Errno) unix.Errno {
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	at := n.at(name)
	removed := n.disk.find(at)
	no := remove()
	if no == 0 {
		removed.names--
		n.disk.record(&change{what: removing, node: removed, from: at})
	}
	return no
}

func (n *node) Rename(ctx context.Context, name string, dir fs.InodeEmbedder, newName string, flags uint32) unix.Errno {
	if flags&^(unix.RENAME_NOREPLACE|unix.RENAME_EXCHANGE) != 0 {
		return unix.EINVAL
	}
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	from, to := n.at(name), dir.(*node).at(newName)
	moved, replaced := n.disk.find(from), n.disk.find(to)
	no := n.LoopbackNode.Rename(ctx, name, dir, newName, flags)
	// Of two names of the same file, both stay.
	if no != 0 || moved == replaced {
		return no
	}
	if replaced != nil && flags&unix.RENAME_EXCHANGE == 0 {
		replaced.names--
	}
	n.disk.record(&change{what: renaming, node: moved, replaced: replaced, from: from, to: to, flags: uint(flags)})
	return no
}

// -------------------------------------------------------------------------------------------------------------- content

// withoutSync: what is synced is for us to say, and no write has to wait for this machine's disk.
func withoutSync(flags uint32) uint32 { return flags &^ (unix.O_SYNC | unix.O_DSYNC | unix.O_DIRECT) }

func (n *node) Open(ctx context.Context, flags uint32) (fs.FileHandle, uint32, unix.Errno) {
	if flags&unix.O_TRUNC == 0 {
		return n.LoopbackNode.Open(ctx, withoutSync(flags))
	}
	var file fs.FileHandle
	var more uint32
	no := n.inode().resize(func() (no unix.Errno) {
		file, more, no = n.LoopbackNode.Open(ctx, withoutSync(flags))
		return no
	})
	return file, more, no
}

func (n *node) Write(ctx context.Context, file fs.FileHandle, data []byte, at int64) (uint32, unix.Errno) {
	var written uint32
	no := n.inode().write(func() (part span, no unix.Errno) {
		written, no = file.(fs.FileWriter).Write(ctx, data, at)
		return span{at, at + int64(written)}, no
	})
	return written, no
}

func (n *node) Allocate(ctx context.Context, file fs.FileHandle, at, size uint64, mode uint32) unix.Errno {
	if mode&(unix.FALLOC_FL_COLLAPSE_RANGE|unix.FALLOC_FL_INSERT_RANGE) != 0 {
		return unix.EOPNOTSUPP
	}
	return n.inode().write(func() (span, unix.Errno) {
		return span{int64(at), int64(at + size)}, file.(fs.FileAllocater).Allocate(ctx, at, size, mode)
	})
}

// CopyFileRange is left to the kernel, which reads and writes instead.
func (n *node) CopyFileRange(context.Context, fs.FileHandle, uint64, *fs.Inode, fs.FileHandle, uint64, uint64, uint64) (uint32, unix.Errno) {
	return 0, unix.EOPNOTSUPP
}

func (n *node) Setattr(ctx context.Context, file fs.FileHandle, in *fuse.SetAttrIn, out *fuse.AttrOut) unix.Errno {
	no := n.inode().resize(func() unix.Errno { return n.LoopbackNode.Setattr(ctx, file, in, out) })
	if no == 0 && in.Valid&^uint32(fuse.FATTR_SIZE|fuse.FATTR_FH|fuse.FATTR_LOCKOWNER|fuse.FATTR_KILL_SUIDGID) != 0 {
		no = errno(n.disk.complain(n.inode().attributes()))
	}
	return no
}

func (n *node) Setxattr(ctx context.Context, name string, value []byte, flags uint32) unix.Errno {
	no := n.LoopbackNode.Setxattr(ctx, name, value, flags)
	if no == 0 {
		no = errno(n.disk.complain(n.inode().attributes()))
	}
	return no
}

func (n *node) Removexattr(ctx context.Context, name string) unix.Errno {
	no := n.LoopbackNode.Removexattr(ctx, name)
	if no == 0 {
		no = errno(n.disk.complain(n.inode().attributes()))
	}
	return no
}

func (n *node) Fsync(context.Context, fs.FileHandle, uint32) unix.Errno {
	return errno(n.disk.fsync(n.inode()))
}

func (n *node) OpendirHandle(ctx context.Context, flags uint32) (fs.FileHandle, uint32, unix.Errno) {
	stream, more, no := n.LoopbackNode.OpendirHandle(ctx, flags)
	if no != 0 {
		return nil, 0, no
	}
	return directory{stream.(openDirectory), n}, more, 0
}

// directory is an open one, whose own fsync would be that of the live folder.
type directory struct {
	openDirectory
	node *node
}

type openDirectory interface {
	fs.FileReaddirenter
	fs.FileSeekdirer
	fs.FileReleasedirer
}

func (d directory) Fsyncdir(ctx context.Context, flags uint32) unix.Errno {
	return d.node.Fsync(ctx, nil, flags)
}
