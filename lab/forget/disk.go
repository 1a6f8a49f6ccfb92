package main

import (
	"errors"
	"fmt"
	"log"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// disk is the two folders, and what is different between them: the changes of names, in their order, and for each file what
// was written.
type disk struct {
	policy policy
	path   string // of the live folder
	root   *inode
	device uint64

	mu      sync.Mutex
	inodes  map[uint64]*inode // by number
	changes []*change         // oldest first
}

// inode is one file, directory or other object.
type inode struct {
	number uint64
	// How many names the live folder has for it, and how many changes are about it; of both, the disk has the lock.
	names, changes int

	mu      sync.Mutex // also held while it is written to
	live    int
	durable int // noFile as long as no name of it is durable
	regular bool
	written spans // in the live folder only
	resized bool
	since   time.Time // the first of these
}

// change is one of names.
type change struct {
	what     action
	node     *inode // whose name it is
	replaced *inode // what a rename removed, or exchanged
	from, to entry
	flags    uint // of a rename
	at       time.Time
}

type entry struct {
	dir  *inode
	name string
}

type action int

const (
	creating action = iota // to
	linking                // to
	renaming               // from, to
	removing               // from
)

// openDisk makes the live folder anew from the durable one.
func openDisk(durable string, policy policy) (*disk, error) {
	live := durable + ".live"
	if err := os.RemoveAll(live); err != nil {
		return nil, err
	}
	if err := os.Mkdir(live, 0o700); err != nil {
		return nil, err
	}
	d := &disk{policy: policy, path: live, inodes: make(map[uint64]*inode)}
	from, err := openFile(unix.AT_FDCWD, durable)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", durable, err)
	}
	to, err := openFile(unix.AT_FDCWD, live)
	if err != nil {
		return nil, err
	}
	is, err := stat(to)
	if err != nil {
		return nil, err
	}
	d.device = is.Dev
	if d.root, err = d.add(to, from); err != nil {
		return nil, err
	}
	if err := d.read(d.root, make(map[uint64]*inode)); err != nil {
		return nil, fmt.Errorf("%s: %w", durable, err)
	}
	return d, nil
}

// read copies a durable directory's entries into the live one; linked are files with several names, by their durable number.
func (d *disk) read(dir *inode, linked map[uint64]*inode) error {
	entries, err := os.ReadDir(reach(dir.durable))
	if err != nil {
		return err
	}
	for _, it := range entries {
		durable, err := openFile(dir.durable, it.Name())
		if err != nil {
			return err
		}
		is, err := stat(durable)
		if err != nil {
			return err
		}
		if known, ok := linked[is.Ino]; ok {
			closeFile(durable)
			if err := link(known.live, dir.live, it.Name()); err != nil {
				return err
			}
			known.names++
			continue
		}
		live, err := create(durable, dir.live, it.Name())
		if err != nil {
			return err
		}
		node, err := d.add(live, durable)
		if err != nil {
			return err
		}
		switch {
		case node.regular:
			err = copyContent(durable, live, everything)
		case it.IsDir():
			err = d.read(node, linked)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", it.Name(), err)
		}
		if is.Nlink > 1 && !it.IsDir() {
			linked[is.Ino] = node
		}
	}
	return copyAttributes(dir.durable, dir.live)
}

// add makes a file of the live folder known. Callers have the lock, or are alone.
func (d *disk) add(live, durable int) (*inode, error) {
	is, err := stat(live)
	if err != nil {
		return nil, err
	}
	node := &inode{number: d.number(is), names: 1, live: live, durable: durable, regular: kind(is.Mode) == unix.S_IFREG}
	d.inodes[node.number] = node
	return node, nil
}

// number is how go-fuse numbers the files of a folder.
func (d *disk) number(is unix.Stat_t) uint64 {
	return swapped(is.Dev) ^ swapped(d.device) ^ is.Ino
}

func swapped(device uint64) uint64 { return device<<32 | device>>32 }

// find gives the file of a name in the live folder, or nil.
func (d *disk) find(at entry) *inode {
	var is unix.Stat_t
	if err := unix.Fstatat(at.dir.live, at.name, &is, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return nil
	}
	return d.inodes[d.number(is)]
}

// ---------------------------------------------------------------------------------------------------------------- names

// record takes note of a change that was made in the live folder. Callers have the lock.
func (d *disk) record(c *change) {
	c.at = time.Now()
	for _, node := range c.nodes() {
		node.changes++
	}
	d.changes = append(d.changes, c)
	if d.policy == atOnce {
		d.complain(d.apply(all))
	}
}

// nodes are those that have to stay known until the change is durable.
func (c *change) nodes() []*inode {
	var nodes []*inode
	for _, node := range []*inode{c.node, c.replaced, c.from.dir, c.to.dir} {
		if node != nil {
			nodes = append(nodes, node)
		}
	}
	return nodes
}

func all(*change) bool { return true }

// apply makes these changes durable.
func (d *disk) apply(wanted func(*change) bool) error {
	var left []*change
	for i, c := range d.changes {
		if !wanted(c) {
			left = append(left, c)
			continue
		}
		if err := c.apply(); err != nil {
			d.changes = append(left, d.changes[i:]...)
			return fmt.Errorf("%v: %w", c, err)
		}
		for _, node := range c.nodes() {
			node.changes--
			d.forget(node)
		}
	}
	d.changes = left
	return nil
}

// forget closes what nobody can reach any more.
func (d *disk) forget(node *inode) {
	if node.names > 0 || node.changes > 0 {
		return
	}
	node.mu.Lock()
	defer node.mu.Unlock()
	closeFile(node.live)
	closeFile(node.durable)
	node.live, node.durable = noFile, noFile
	delete(d.inodes, node.number)
}

func (c *change) apply() error {
	switch c.what {
	case creating:
		c.node.mu.Lock()
		defer c.node.mu.Unlock()
		made, err := create(c.node.live, c.to.dir.durable, c.to.name)
		c.node.durable = made
		return err
	case linking:
		return link(c.node.durable, c.to.dir.durable, c.to.name)
	case renaming:
		return unix.Renameat2(c.from.dir.durable, c.from.name, c.to.dir.durable, c.to.name, c.flags)
	default:
		flags := 0
		if c.isDirectory() {
			flags = unix.AT_REMOVEDIR
		}
		return unix.Unlinkat(c.from.dir.durable, c.from.name, flags)
	}
}

func (c *change) isDirectory() bool { return isDirectory(c.node) }

func (c *change) movesDirectory() bool {
	return c.what == renaming && (c.isDirectory() || (c.replaced != nil && isDirectory(c.replaced)))
}

func isDirectory(node *inode) bool {
	is, err := stat(node.live)
	return err == nil && kind(is.Mode) == unix.S_IFDIR
}

func (c *change) String() string {
	return fmt.Sprintf("%s %q %q", [...]string{"create", "link", "rename", "remove"}[c.what], c.from.name, c.to.name)
}

// before gives the changes that match, and those without which they cannot be made: of the same names and files, of the
// directories themselves that these are in, and of what was in a directory that is removed. A directory that is moved needs
// every earlier move of one: without them, the place where it goes might still be inside it.
func (d *disk) before(seed func(*change) bool) func(*change) bool {
	needed := make(map[*change]bool)
	entries := make(map[entry]bool)
	nodes := make(map[*inode]bool)
	emptied := make(map[*inode]bool)
	moves := false
	for i := len(d.changes) - 1; i >= 0; i-- {
		c := d.changes[i]
		if !seed(c) && !nodes[c.node] && !(c.replaced != nil && nodes[c.replaced]) && !entries[c.from] && !entries[c.to] &&
			!emptied[c.from.dir] && !emptied[c.to.dir] && !(moves && c.movesDirectory()) {
			continue
		}
		needed[c] = true
		nodes[c.node] = true
		moves = moves || c.movesDirectory()
		for _, at := range []entry{c.from, c.to} {
			if at.dir != nil {
				entries[at] = true
				nodes[at.dir] = true
			}
		}
		if c.what == removing && c.isDirectory() {
			emptied[c.node] = true
		}
		if c.replaced != nil {
			nodes[c.replaced] = true // whose other names can only be made as long as it has one
			emptied[c.replaced] = isDirectory(c.replaced)
		}
	}
	return func(c *change) bool { return needed[c] }
}

// fsync makes a file's content durable, and names as the policy has it.
func (d *disk) fsync(node *inode) error {
	if err := d.fsyncNames(node); err != nil {
		return d.complain(err)
	}
	return d.complain(node.fsync())
}

func (d *disk) fsyncNames(node *inode) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	wanted := all
	if d.policy == ownFsync {
		isNew := node.durable == noFile
		wanted = d.before(func(c *change) bool {
			return c.from.dir == node || c.to.dir == node || (isNew && c.node == node)
		})
	}
	return d.apply(wanted)
}

func (d *disk) complain(err error) error {
	if err != nil {
		log.Printf("not made durable: %v", err)
	}
	return err
}

// sync makes everything durable.
func (d *disk) sync() error { return d.syncUntil(time.Now()) }

// syncUntil makes durable what was changed until then.
func (d *disk) syncUntil(then time.Time) error {
	d.mu.Lock()
	err := d.apply(func(c *change) bool { return !c.at.After(then) })
	var nodes []*inode
	for _, node := range d.inodes {
		nodes = append(nodes, node)
	}
	d.mu.Unlock()
	for _, node := range nodes {
		if node.isUnsyncedSince(then) {
			err = errors.Join(err, node.fsync())
		}
	}
	return d.complain(err)
}

// writeBack does in the background what the kernel does.
func (d *disk) writeBack(age time.Duration) {
	for range time.Tick(max(age/6, time.Millisecond)) {
		// It is in the log.
		_ = d.syncUntil(time.Now().Add(-age))
	}
}

// -------------------------------------------------------------------------------------------------------------- content

// write runs something that changes a part of the content.
func (i *inode) write(change func() (span, unix.Errno)) unix.Errno {
	i.mu.Lock()
	defer i.mu.Unlock()
	part, errno := change()
	if errno == 0 && part.begin < part.end {
		i.written = i.written.with(part.begin, part.end)
		i.changed()
	}
	return errno
}

// resize runs something that may change the size.
func (i *inode) resize(change func() unix.Errno) unix.Errno {
	i.mu.Lock()
	defer i.mu.Unlock()
	before, err := stat(i.live)
	errno := change()
	if errno != 0 || err != nil {
		return errno
	}
	if after, err := stat(i.live); err == nil && after.Size != before.Size {
		i.written = i.written.with(min(before.Size, after.Size), max(before.Size, after.Size))
		i.resized = true
		i.changed()
	}
	return errno
}

func (i *inode) changed() {
	if i.since.IsZero() {
		i.since = time.Now()
	}
}

func (i *inode) isUnsyncedSince(then time.Time) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return !i.since.IsZero() && !i.since.After(then)
}

func (i *inode) fsync() error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.durable == noFile || !i.regular || (len(i.written) == 0 && !i.resized) {
		return nil
	}
	if err := copyContent(i.live, i.durable, i.written); err != nil {
		return err
	}
	i.written, i.resized, i.since = nil, false, time.Time{}
	return nil
}

// attributes makes mode, owner, times and extended attributes durable.
func (i *inode) attributes() error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.durable == noFile || i.live == noFile {
		return nil
	}
	return copyAttributes(i.live, i.durable)
}
