package remote

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/pkg/sftp"
)

// upload writes to the remote host. What a destination means:
//
//	source   a folder at the destination  nothing there             a file there
//	file     destination/file             destination               overwritten
//	folder   destination/folder           destination/folder        error
//	folder/  destination                  destination               error
//	text     error                        destination               overwritten
type upload struct {
	files *sftp.Client
}

func (u upload) text(content, destination string) error {
	existing, err := u.stat(destination)
	if err != nil {
		return err
	}
	if existing != nil && existing.IsDir() {
		return fmt.Errorf("remote path %s is a folder: for a string asset, remotePath must name the file", destination)
	}
	if err := u.folder(path.Dir(destination)); err != nil {
		return err
	}
	return u.write(strings.NewReader(content), destination)
}

func (u upload) path(source, destination string) error {
	info, err := os.Stat(source)
	if err != nil {
		return err
	}
	if info.IsDir() {
		if !strings.HasSuffix(source, "/") {
			destination = path.Join(destination, filepath.Base(source))
		}
		return u.tree(source, destination)
	}
	existing, err := u.stat(destination)
	if err != nil {
		return err
	}
	if existing != nil && existing.IsDir() {
		destination = path.Join(destination, filepath.Base(source))
	} else if err := u.folder(path.Dir(destination)); err != nil {
		return err
	}
	return u.file(source, destination)
}

func (u upload) tree(source, destination string) error {
	if err := u.folder(destination); err != nil {
		return err
	}
	return fs.WalkDir(os.DirFS(source), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := path.Join(destination, name)
		if entry.IsDir() {
			return u.folder(target)
		}
		return u.file(filepath.Join(source, filepath.FromSlash(name)), target)
	})
}

func (u upload) file(source, target string) error {
	file, err := os.Open(source)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	return u.write(file, target)
}

func (u upload) write(content io.Reader, target string) error {
	file, err := u.files.Create(target)
	if err != nil {
		return fmt.Errorf("remote file %s: %w", target, err)
	}
	_, err = file.ReadFrom(content)
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("remote file %s: %w", target, err)
	}
	return nil
}

// folder makes the folder, and those above it, where they are missing.
func (u upload) folder(name string) error {
	if err := u.files.MkdirAll(name); err != nil {
		return fmt.Errorf("remote folder %s: %w", name, err)
	}
	return nil
}

// stat is nil where nothing is.
func (u upload) stat(name string) (fs.FileInfo, error) {
	info, err := u.files.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("remote path %s: %w", name, err)
	}
	return info, nil
}
