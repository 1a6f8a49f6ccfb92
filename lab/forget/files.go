package main

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"golang.org/x/sys/unix"
)

// A file of either folder is known by a descriptor with O_PATH, which stays with it whatever it is called.

const noFile = -1

func openFile(dir int, name string) (int, error) {
	return unix.Openat(dir, name, unix.O_PATH|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
}

func closeFile(file int) {
	if file != noFile {
		unix.Close(file)
	}
}

// reach is a path to the file, for calls that take no descriptor with O_PATH.
func reach(file int) string { return fmt.Sprintf("/proc/self/fd/%d", file) }

func stat(file int) (unix.Stat_t, error) {
	var found unix.Stat_t
	return found, unix.Fstat(file, &found)
}

func kind(mode uint32) uint32 { return mode & unix.S_IFMT }

// create makes a file of the same kind, and with the same attributes, but empty.
func create(like, dir int, name string) (int, error) {
	is, err := stat(like)
	if err != nil {
		return noFile, err
	}
	switch kind(is.Mode) {
	case unix.S_IFDIR:
		err = unix.Mkdirat(dir, name, 0o700)
	case unix.S_IFLNK:
		target := make([]byte, unix.PathMax)
		var length int
		if length, err = unix.Readlinkat(like, "", target); err == nil {
			err = unix.Symlinkat(string(target[:length]), dir, name)
		}
	default:
		err = unix.Mknodat(dir, name, kind(is.Mode)|0o600, int(is.Rdev))
	}
	if err != nil {
		return noFile, err
	}
	made, err := openFile(dir, name)
	if err != nil {
		return noFile, err
	}
	return made, copyAttributes(like, made)
}

// link gives the file another name.
func link(file, dir int, name string) error {
	return unix.Linkat(file, "", dir, name, unix.AT_EMPTY_PATH)
}

func copyAttributes(from, to int) error {
	is, err := stat(from)
	if err != nil {
		return err
	}
	if err := unix.Fchownat(to, "", int(is.Uid), int(is.Gid), unix.AT_EMPTY_PATH); err != nil {
		return err
	}
	if kind(is.Mode) == unix.S_IFLNK {
		return nil
	}
	if err := unix.Chmod(reach(to), is.Mode&0o7777); err != nil {
		return err
	}
	if err := copyExtendedAttributes(reach(from), reach(to)); err != nil {
		return err
	}
	return copyTimes(is, to)
}

func copyTimes(from unix.Stat_t, to int) error {
	return unix.UtimesNanoAt(unix.AT_FDCWD, reach(to), []unix.Timespec{from.Atim, from.Mtim}, 0)
}

func copyExtendedAttributes(from, to string) error {
	wanted, err := extendedAttributes(from)
	if err != nil {
		return err
	}
	there, err := extendedAttributes(to)
	if err != nil {
		return err
	}
	for name, value := range wanted {
		if err := unix.Setxattr(to, name, []byte(value), 0); err != nil {
			return err
		}
	}
	for name := range there {
		if _, ok := wanted[name]; !ok {
			if err := unix.Removexattr(to, name); err != nil {
				return err
			}
		}
	}
	return nil
}

func extendedAttributes(path string) (map[string]string, error) {
	buffer := make([]byte, 64<<10) // the most there is
	length, err := unix.Listxattr(path, buffer)
	if errors.Is(err, unix.ENOTSUP) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	attributes := make(map[string]string)
	for _, name := range strings.Split(strings.TrimSuffix(string(buffer[:length]), "\x00"), "\x00") {
		if name == "" {
			continue
		}
		value := make([]byte, 64<<10)
		length, err := unix.Getxattr(path, name, value)
		if err != nil {
			return nil, err
		}
		attributes[name] = string(value[:length])
	}
	return attributes, nil
}

var everything = spans{{0, math.MaxInt64}}

// copyContent copies these parts of a regular file, and its size. The size comes last, so that a copy that is cut off has
// no zeros where there should be content.
func copyContent(from, to int, parts spans) error {
	source, err := unix.Open(reach(from), unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(source)
	target, err := unix.Open(reach(to), unix.O_WRONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(target)
	is, err := stat(source)
	if err != nil {
		return err
	}
	for _, part := range parts {
		for at, end := part.begin, min(part.end, is.Size); at < end; {
			read, written := at, at
			copied, err := unix.CopyFileRange(source, &read, target, &written, int(min(end-at, 1<<30)), 0)
			if err != nil {
				return err
			}
			if copied == 0 { // it has become shorter
				break
			}
			at += int64(copied)
		}
	}
	if err := unix.Ftruncate(target, is.Size); err != nil {
		return err
	}
	return copyTimes(is, to)
}
