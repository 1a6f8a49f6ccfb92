package main

import (
	"bufio"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// The tests run this binary as lab-forget, to be able to kill it.
const asProgram = "LAB_FORGET_IN_TEST"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// disk in use: every path of its methods is below the mountpoint.
type mounted struct {
	*testing.T
	durable, mountpoint string
	options             []string
	process             *exec.Cmd
	log                 strings.Builder
}

func mountOne(t *testing.T, options ...string) *mounted {
	t.Helper()
	if _, err := os.Stat("/dev/fuse"); err != nil || os.Getuid() != 0 {
		t.Skip("mounting needs root and /dev/fuse")
	}
	folder := t.TempDir()
	m := &mounted{T: t, durable: filepath.Join(folder, "durable"), mountpoint: filepath.Join(folder, "disk"), options: options}
	// Whoever uses it may be somebody else.
	for _, path := range []string{filepath.Dir(folder), folder, m.durable, m.mountpoint} {
		if err := os.Mkdir(path, 0o755); err != nil && !os.IsExist(err) {
			t.Fatal(err)
		}
		m.must(os.Chmod(path, 0o755))
	}
	m.start()
	t.Cleanup(func() {
		m.end(syscall.SIGKILL)
		if t.Failed() {
			t.Logf("lab-forget said: %s", m.log.String())
		}
	})
	return m
}

func (m *mounted) start() {
	m.Helper()
	m.process = exec.Command(os.Args[0], append(m.options, m.durable, m.mountpoint)...)
	m.process.Env = append(os.Environ(), asProgram+"=yes")
	m.process.Stderr = &m.log
	output, err := m.process.StdoutPipe()
	m.must(err)
	m.must(m.process.Start())
	if line, err := bufio.NewReader(output).ReadString('\n'); line != "ready\n" {
		m.Fatalf("not mounted: %v, %s", err, m.log.String())
	}
}

func (m *mounted) end(signal os.Signal) {
	_ = m.process.Process.Signal(signal)
	_ = m.process.Wait()
	_ = unix.Unmount(m.mountpoint, unix.MNT_DETACH|unix.MNT_FORCE)
}

// cut is a power cut, and the power back.
func (m *mounted) cut() {
	m.Helper()
	m.end(syscall.SIGKILL)
	m.start()
}

func (m *mounted) must(err error) {
	m.Helper()
	if err != nil {
		m.Fatal(err)
	}
}

func (m *mounted) path(name string) string { return filepath.Join(m.mountpoint, name) }

func (m *mounted) open(name string, flags int) *os.File {
	m.Helper()
	file, err := os.OpenFile(m.path(name), flags, 0o644)
	m.must(err)
	m.Cleanup(func() { file.Close() })
	return file
}

// write replaces the content from the beginning on, and does not truncate.
func (m *mounted) write(name, content string) {
	m.Helper()
	file := m.open(name, os.O_WRONLY|os.O_CREATE)
	_, err := file.WriteString(content)
	m.must(err)
	m.must(file.Close())
}

func (m *mounted) append(name, content string) {
	m.Helper()
	file := m.open(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND)
	_, err := file.WriteString(content)
	m.must(err)
	m.must(file.Close())
}

// fsync is that of a file or directory.
func (m *mounted) fsync(name string) {
	m.Helper()
	file := m.open(name, os.O_RDONLY)
	m.must(file.Sync())
	m.must(file.Close())
}

func (m *mounted) mkdir(name string)        { m.Helper(); m.must(os.Mkdir(m.path(name), 0o755)) }
func (m *mounted) remove(name string)       { m.Helper(); m.must(os.Remove(m.path(name))) }
func (m *mounted) rename(from, to string)   { m.Helper(); m.must(os.Rename(m.path(from), m.path(to))) }
func (m *mounted) link(from, to string)     { m.Helper(); m.must(os.Link(m.path(from), m.path(to))) }
func (m *mounted) truncate(n string, s int) { m.Helper(); m.must(os.Truncate(m.path(n), int64(s))) }

// holds is what is there: the content of each file, of a directory "/".
func (m *mounted) holds() map[string]string {
	m.Helper()
	there := map[string]string{}
	m.must(filepath.WalkDir(m.mountpoint, func(path string, it fs.DirEntry, err error) error {
		if err != nil || path == m.mountpoint {
			return err
		}
		name := strings.TrimPrefix(path, m.mountpoint+"/")
		if it.IsDir() {
			there[name] = "/"
		}
		if !it.Type().IsRegular() {
			return nil
		}
		content, err := os.ReadFile(path)
		there[name] = string(content)
		return err
	}))
	return there
}

func (m *mounted) check(want map[string]string) {
	m.Helper()
	if got := m.holds(); !maps.Equal(got, want) {
		m.Errorf("got %q, want %q", got, want)
	}
}

type files = map[string]string

// What is there after a power cut.
func TestPowerCut(t *testing.T) {
	for _, it := range []struct {
		what     string
		policies []policy
		before   func(*mounted) // durable
		change   func(*mounted)
		want     files
	}{
		{"a file that nobody synced", []policy{anyFsync, ownFsync}, nil, func(m *mounted) {
			m.write("a", "1")
		}, files{}},
		{"a file that nobody synced, its name durable at once", []policy{atOnce}, nil, func(m *mounted) {
			m.write("a", "1")
		}, files{"a": ""}},
		{"a new file has its name with its fsync", nil, nil, func(m *mounted) {
			m.write("a", "1")
			m.fsync("a")
		}, files{"a": "1"}},
		{"a directory moved into one that was in it", nil, func(m *mounted) {
			m.mkdir("d")
			m.mkdir("d/e")
		}, func(m *mounted) {
			m.rename("d/e", "f")
			m.rename("f", "e")
			m.rename("d", "e/d")
			m.fsync("e")
		}, files{"e": "/", "e/d": "/"}},
		{"a file with a second name, renamed over", nil, func(m *mounted) {
			m.write("a", "1")
			m.mkdir("d")
		}, func(m *mounted) {
			m.link("a", "d/b")
			m.write("c", "2")
			m.rename("c", "a")
			m.fsync(".")
			m.fsync("d")
		}, files{"a": "", "d": "/", "d/b": "1"}},
		{"what is written after an fsync", nil, nil, func(m *mounted) {
			m.write("a", "12")
			m.fsync("a")
			m.append("a", "34")
			m.write("a", "5")
		}, files{"a": "12"}},
		{"a part of what is there", nil, func(m *mounted) { m.write("a", "12345") }, func(m *mounted) {
			m.write("a", "xy")
		}, files{"a": "12345"}},
		{"an fsync of a part of what is there", nil, func(m *mounted) { m.write("a", "12345") }, func(m *mounted) {
			m.write("a", "xy")
			m.fsync("a")
		}, files{"a": "xy345"}},
		{"a file made shorter", nil, func(m *mounted) { m.write("a", "12345") }, func(m *mounted) {
			m.truncate("a", 1)
		}, files{"a": "12345"}},
		{"a file made shorter, and synced", nil, func(m *mounted) { m.write("a", "12345") }, func(m *mounted) {
			m.truncate("a", 1)
			m.fsync("a")
		}, files{"a": "1"}},
		{"a file made shorter and longer again, and synced", nil, func(m *mounted) { m.write("a", "12345") }, func(m *mounted) {
			m.truncate("a", 1)
			m.truncate("a", 3)
			m.append("a", "x")
			m.fsync("a")
		}, files{"a": "1\x00\x00x"}},
		{"a file truncated as it is opened", nil, func(m *mounted) { m.write("a", "12345") }, func(m *mounted) {
			m.must(os.WriteFile(m.path("a"), []byte("x"), 0o644))
		}, files{"a": "12345"}},
		{"a file truncated as it is opened, and synced", nil, func(m *mounted) { m.write("a", "12345") }, func(m *mounted) {
			m.must(os.WriteFile(m.path("a"), []byte("x"), 0o644))
			m.fsync("a")
		}, files{"a": "x"}},
		{"two files, and one fsync", []policy{anyFsync}, nil, func(m *mounted) {
			m.write("a", "1")
			m.write("b", "2")
			m.fsync("b")
		}, files{"a": "", "b": "2"}},
		{"two files, and one fsync", []policy{ownFsync}, nil, func(m *mounted) {
			m.write("a", "1")
			m.write("b", "2")
			m.fsync("b")
		}, files{"b": "2"}},
		{"an fsync of the directory only", nil, nil, func(m *mounted) {
			m.write("a", "1")
			m.fsync(".")
		}, files{"a": ""}},
		{"a renamed file", []policy{anyFsync, ownFsync}, func(m *mounted) { m.write("a", "1") }, func(m *mounted) {
			m.rename("a", "b")
		}, files{"a": "1"}},
		{"a renamed file, its name durable at once", []policy{atOnce}, func(m *mounted) { m.write("a", "1") }, func(m *mounted) {
			m.rename("a", "b")
		}, files{"b": "1"}},
		{"a file renamed over another without an fsync of the directory", []policy{ownFsync}, func(m *mounted) {
			m.write("a", "1")
		}, func(m *mounted) {
			m.write("a.new", "2")
			m.fsync("a.new")
			m.rename("a.new", "a")
			m.fsync("a")
		}, files{"a": "1", "a.new": "2"}},
		{"the same, and an fsync of any other file", []policy{anyFsync}, func(m *mounted) {
			m.write("a", "1")
			m.write("other", "")
		}, func(m *mounted) {
			m.write("a.new", "2")
			m.fsync("a.new")
			m.rename("a.new", "a")
			m.fsync("other")
		}, files{"a": "2", "other": ""}},
		{"a file renamed over another, and an fsync of the directory", nil, func(m *mounted) {
			m.write("a", "1")
		}, func(m *mounted) {
			m.write("a.new", "2")
			m.fsync("a.new")
			m.rename("a.new", "a")
			m.fsync(".")
		}, files{"a": "2"}},
		{"a file that was not synced renamed over another", nil, func(m *mounted) { m.write("a", "1") }, func(m *mounted) {
			m.write("a.new", "2")
			m.rename("a.new", "a")
			m.fsync(".")
		}, files{"a": ""}},
		{"a file written to after its rename", nil, func(m *mounted) { m.write("a", "1") }, func(m *mounted) {
			m.rename("a", "b")
			m.append("b", "2")
			m.fsync("b")
			m.fsync(".")
		}, files{"b": "12"}},
		{"a file written to after a rename that nobody synced", []policy{ownFsync}, func(m *mounted) {
			m.write("a", "1")
		}, func(m *mounted) {
			m.rename("a", "b")
			m.append("b", "2")
			m.fsync("b")
		}, files{"a": "12"}},
		{"a file moved to another directory, and an fsync of that one", nil, func(m *mounted) {
			m.mkdir("d")
			m.mkdir("e")
			m.write("d/a", "1")
		}, func(m *mounted) {
			m.write("d/b", "2")
			m.rename("d/a", "e/a")
			m.fsync("d/b")
			m.fsync("e")
		}, files{"d": "/", "e": "/", "d/b": "2", "e/a": "1"}},
		{"two files exchanged", []policy{anyFsync, ownFsync}, func(m *mounted) {
			m.write("a", "1")
			m.write("b", "2")
		}, func(m *mounted) {
			m.must(unix.Renameat2(unix.AT_FDCWD, m.path("a"), unix.AT_FDCWD, m.path("b"), unix.RENAME_EXCHANGE))
		}, files{"a": "1", "b": "2"}},
		{"two files exchanged, and an fsync of the directory", nil, func(m *mounted) {
			m.write("a", "1")
			m.write("b", "2")
		}, func(m *mounted) {
			m.must(unix.Renameat2(unix.AT_FDCWD, m.path("a"), unix.AT_FDCWD, m.path("b"), unix.RENAME_EXCHANGE))
			m.fsync(".")
		}, files{"a": "2", "b": "1"}},
		{"a removed file", []policy{anyFsync, ownFsync}, func(m *mounted) { m.write("a", "1") }, func(m *mounted) {
			m.remove("a")
		}, files{"a": "1"}},
		{"a removed file, and another of its name", []policy{anyFsync, ownFsync}, func(m *mounted) { m.write("a", "1") }, func(m *mounted) {
			m.remove("a")
			m.write("a", "2")
		}, files{"a": "1"}},
		{"a removed file, and another of its name that is synced", nil, func(m *mounted) { m.write("a", "1") }, func(m *mounted) {
			m.remove("a")
			m.write("a", "2")
			m.fsync("a")
		}, files{"a": "2"}},
		{"a removed file, and an fsync of the directory", nil, func(m *mounted) { m.write("a", "1") }, func(m *mounted) {
			m.remove("a")
			m.fsync(".")
		}, files{}},
		{"a removed file that is open, and synced", []policy{ownFsync}, func(m *mounted) { m.write("a", "1") }, func(m *mounted) {
			file := m.open("a", os.O_WRONLY)
			m.remove("a")
			_, err := file.WriteString("2")
			m.must(err)
			m.must(file.Sync())
		}, files{"a": "2"}},
		{"a file in new directories, synced", nil, nil, func(m *mounted) {
			m.mkdir("d")
			m.mkdir("d/e")
			m.mkdir("d/f")
			m.write("d/e/a", "1")
			m.fsync("d/e/a")
			m.fsync("d")
		}, files{"d": "/", "d/e": "/", "d/e/a": "1", "d/f": "/"}},
		{"a file in new directories, synced", []policy{ownFsync}, nil, func(m *mounted) {
			m.mkdir("d")
			m.mkdir("d/e")
			m.mkdir("d/f")
			m.write("d/e/a", "1")
			m.fsync("d/e/a")
		}, files{"d": "/", "d/e": "/", "d/e/a": "1"}},
		{"an emptied directory removed, and an fsync of its parent", nil, func(m *mounted) {
			m.mkdir("d")
			m.mkdir("d/e")
			m.write("d/e/a", "1")
		}, func(m *mounted) {
			m.remove("d/e/a")
			m.remove("d/e")
			m.fsync("d")
		}, files{"d": "/"}},
		{"a directory renamed over an emptied one, and an fsync of their parent", nil, func(m *mounted) {
			m.mkdir("d")
			m.mkdir("e")
			m.write("d/a", "1")
			m.write("e/b", "2")
		}, func(m *mounted) {
			m.remove("e/b")
			m.must(unix.Rename(m.path("d"), m.path("e")))
			m.fsync(".")
		}, files{"e": "/", "e/a": "1"}},
		{"a second name", []policy{anyFsync, ownFsync}, func(m *mounted) { m.write("a", "1") }, func(m *mounted) {
			m.link("a", "b")
		}, files{"a": "1"}},
		{"a second name, an fsync of the directory, and a change through the first", nil, func(m *mounted) {
			m.write("a", "1")
		}, func(m *mounted) {
			m.link("a", "b")
			m.fsync(".")
			m.append("a", "2")
			m.fsync("a")
		}, files{"a": "12", "b": "12"}},
		{"one of two names removed", nil, func(m *mounted) {
			m.write("a", "1")
			m.link("a", "b")
		}, func(m *mounted) {
			m.remove("a")
			m.append("b", "2")
			m.fsync("b")
			m.fsync(".")
		}, files{"b": "12"}},
		{"O_SYNC", nil, nil, func(m *mounted) {
			_, err := m.open("a", os.O_WRONLY|os.O_CREATE|os.O_SYNC).WriteString("1")
			m.must(err)
		}, files{"a": "1"}},
		{"O_DSYNC", nil, nil, func(m *mounted) {
			_, err := m.open("a", os.O_WRONLY|os.O_CREATE|unix.O_DSYNC).WriteString("1")
			m.must(err)
		}, files{"a": "1"}},
		{"fdatasync", nil, nil, func(m *mounted) {
			file := m.open("a", os.O_WRONLY|os.O_CREATE)
			_, err := file.WriteString("1")
			m.must(err)
			m.must(unix.Fdatasync(int(file.Fd())))
		}, files{"a": "1"}},
		{"an allocated file", nil, nil, func(m *mounted) {
			file := m.open("a", os.O_WRONLY|os.O_CREATE)
			m.must(unix.Fallocate(int(file.Fd()), 0, 0, 3))
			m.must(file.Sync())
			_, err := file.WriteString("1")
			m.must(err)
		}, files{"a": "\x00\x00\x00"}},
		{"a copied range", nil, func(m *mounted) { m.write("a", "123") }, func(m *mounted) {
			from, to := m.open("a", os.O_RDONLY), m.open("b", os.O_WRONLY|os.O_CREATE)
			_, err := unix.CopyFileRange(int(from.Fd()), nil, int(to.Fd()), nil, 3, 0)
			m.must(err)
			m.must(to.Sync())
		}, files{"a": "123", "b": "123"}},
		{"a mapped file, and msync", nil, func(m *mounted) { m.write("a", "123") }, func(m *mounted) {
			memory := m.mapped("a")
			memory[0] = 'x'
			m.must(unix.Msync(memory, unix.MS_SYNC))
			memory[1] = 'y'
		}, files{"a": "x23"}},
	} {
		policies := it.policies
		if policies == nil {
			policies = []policy{anyFsync, ownFsync, atOnce}
		}
		for _, policy := range policies {
			t.Run(it.what+", "+policyNames[policy], func(t *testing.T) {
				t.Parallel()
				m := mountOne(t, "-names", policyNames[policy], "-unsynced", "0")
				if it.before != nil {
					it.before(m)
					m.end(syscall.SIGTERM)
					m.start()
				}
				it.change(m)
				m.cut()
				m.check(it.want)
			})
		}
	}
}

func (m *mounted) mapped(name string) []byte {
	file := m.open(name, os.O_RDWR)
	memory, err := unix.Mmap(int(file.Fd()), 0, 3, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	m.must(err)
	return memory
}

func TestWithoutAPowerCutEverythingStays(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGTERM, 0} {
		t.Run(fmt.Sprintf("signal %d", signal), func(t *testing.T) {
			m := mountOne(t, "-names", "own-fsync", "-unsynced", "0")
			m.mkdir("d")
			m.write("d/a", "1")
			if signal == 0 {
				m.must(unix.Unmount(m.mountpoint, 0))
				m.must(m.process.Wait())
			} else {
				m.end(signal)
			}
			m.start()
			m.check(files{"d": "/", "d/a": "1"})
		})
	}
}

func TestWhatIsOldIsWritten(t *testing.T) {
	m := mountOne(t, "-unsynced", "1s")
	m.write("a", "1")
	time.Sleep(3 * time.Second)
	m.write("b", "2")
	m.append("a", "3")
	m.cut()
	m.check(files{"a": "1"})
}

func TestAfterAPowerCutEverythingFailsUntilItIsStarted(t *testing.T) {
	m := mountOne(t)
	m.write("a", "1")
	file := m.open("a", os.O_RDWR)
	m.must(m.process.Process.Kill())
	_ = m.process.Wait()
	if _, err := file.WriteString("2"); err == nil {
		t.Error("written")
	}
	if err := file.Sync(); err == nil {
		t.Error("synced")
	}
	if _, err := os.Stat(m.path("a")); err == nil {
		t.Error("found")
	}
	_ = file.Close()
	m.start() // where the dead one is mounted
	m.check(files{})
}

// As a pod of another user, whose group a volume has.
func TestOwnersModesAndAttributesAreKept(t *testing.T) {
	m := mountOne(t)
	m.mkdir("volume")
	m.must(os.Chown(m.path("volume"), 0, 1000))
	m.must(unix.Chmod(m.path("volume"), 0o2775))
	script := exec.Command("sh", "-ec", "mkdir d; echo 1 >d/a; ln -s d/a s; mkfifo p; chmod 600 d/a; sync d/a")
	script.Dir = m.path("volume")
	script.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 70, Gid: 70, Groups: []uint32{1000}}}
	if output, err := script.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	m.must(unix.Setxattr(m.path("volume/d/a"), "user.test", []byte("x"), 0))
	m.must(os.Chtimes(m.path("volume/d/a"), time.Unix(1, 0), time.Unix(2, 0)))
	m.cut()
	for name, want := range map[string]string{
		"volume":     "0:1000 42775",
		"volume/d":   "70:1000 42755",
		"volume/d/a": "70:1000 100600",
		"volume/s":   "70:1000 120777",
		"volume/p":   "70:1000 10644",
	} {
		var is unix.Stat_t
		m.must(unix.Lstat(m.path(name), &is))
		if got := fmt.Sprintf("%d:%d %o", is.Uid, is.Gid, is.Mode); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	if got := m.holds()["volume/d/a"]; got != "1\n" {
		t.Errorf("got %q", got)
	}
	value := make([]byte, 10)
	if length, err := unix.Getxattr(m.path("volume/d/a"), "user.test", value); err != nil || string(value[:length]) != "x" {
		t.Errorf("got %q, %v", value[:max(length, 0)], err)
	}
	var is unix.Stat_t
	m.must(unix.Stat(m.path("volume/d/a"), &is))
	if is.Mtim.Sec != 2 {
		t.Errorf("got time %v", is.Mtim)
	}
	other := exec.Command("cat", m.path("volume/d/a"))
	other.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 71, Gid: 71}}
	if output, err := other.CombinedOutput(); err == nil {
		t.Errorf("another user reads %q", output)
	}
}

var seeds = flag.Int64("seeds", 3, "how many seeds of random changes are tried")

// Whatever happened before: after an fsync of everything, everything is there.
func TestRandomChangesAndAnFsyncOfEverything(t *testing.T) {
	for _, policy := range policyNames {
		for seed := range *seeds {
			t.Run(fmt.Sprintf("%s, seed %d", policy, seed), func(t *testing.T) {
				t.Parallel()
				random := rand.New(rand.NewSource(seed))
				m := mountOne(t, "-names", policy, "-unsynced", "0")
				for range 4 {
					for range 300 {
						m.changeSomething(random)
					}
					want := m.holds()
					names := slices.Sorted(maps.Keys(want))
					random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
					for _, name := range names {
						m.fsync(name)
					}
					m.fsync(".")
					m.cut()
					m.check(want)
				}
			})
		}
	}
}

// changeSomething tries one change, which may fail: names are few, so that they meet.
func (m *mounted) changeSomething(random *rand.Rand) {
	name := func() string {
		depth := 1 + random.Intn(3)
		parts := make([]string, depth)
		for i := range parts {
			parts[i] = string(rune('a' + random.Intn(3)))
		}
		return m.path(strings.Join(parts, "/"))
	}
	switch random.Intn(10) {
	case 0, 1:
		_ = os.Mkdir(name(), 0o755)
	case 2:
		_ = os.Remove(name())
	case 3:
		_ = unix.Rename(name(), name())
	case 4:
		_ = unix.Renameat2(unix.AT_FDCWD, name(), unix.AT_FDCWD, name(), unix.RENAME_EXCHANGE)
	case 5:
		_ = os.Link(name(), name())
	case 6:
		_ = os.Truncate(name(), int64(random.Intn(20)))
	case 7:
		if file, err := os.Open(name()); err == nil {
			m.must(file.Sync())
			file.Close()
		}
	default:
		if file, err := os.OpenFile(name(), os.O_WRONLY|os.O_CREATE, 0o644); err == nil {
			_, err = file.WriteAt([]byte(fmt.Sprint(random.Intn(1000))), int64(random.Intn(10)))
			m.must(err)
			file.Close()
		}
	}
}
