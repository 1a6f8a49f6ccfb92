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

// upload writes to the remote host, and tells errors in the official plugin's words. What a destination means:
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
		return fmt.Errorf(
			"remote path %s is a directory; when using a text asset, remotePath must be a file path", destination)
	}
	if err := u.parents(destination); err != nil {
		return err
	}
	return u.write(strings.NewReader(content), destination, "failed to write text content to remote path "+destination)
}

func (u upload) path(source, destination string) error {
	info, err := os.Stat(source)
	if err != nil {
		return err
	}
	existing, err := u.stat(destination)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		if existing != nil && existing.IsDir() {
			destination = path.Join(destination, filepath.Base(source))
		} else if err := u.parents(destination); err != nil {
			return err
		}
		return u.file(source, destination)
	}
	if existing == nil {
		if err := u.files.MkdirAll(destination); err != nil {
			return fmt.Errorf("failed to create remote directory %s: %w", destination, err)
		}
	}
	if !strings.HasSuffix(source, "/") {
		destination = path.Join(destination, filepath.Base(source))
	}
	return u.tree(source, destination)
}

func (u upload) tree(source, destination string) error {
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
	return u.write(file, target, fmt.Sprintf("failed to copy file %s to remote path %s", source, target))
}

// write is content with what the server has said until its last byte; that it could not close the file is not told.
func (u upload) write(content io.Reader, target, failure string) error {
	file, err := u.files.Create(target)
	if err != nil {
		return fmt.Errorf("failed to create remote file %s: %w", target, err)
	}
	defer func() { _ = file.Close() }()
	if _, err := file.ReadFrom(content); err != nil {
		return fmt.Errorf("%s: %w", failure, err)
	}
	return nil
}

// folder makes the folder where it is missing.
func (u upload) folder(name string) error {
	existing, err := u.stat(name)
	switch {
	case err != nil:
		return err
	case existing == nil:
		if err := u.files.Mkdir(name); err != nil {
			return fmt.Errorf("failed to create remote directory %s: %w", name, err)
		}
	case !existing.IsDir():
		return fmt.Errorf("remote path %s exists but is not a directory", name)
	}
	return nil
}

func (u upload) parents(file string) error {
	if err := u.files.MkdirAll(path.Dir(file)); err != nil {
		return fmt.Errorf("failed to create parent directories for %s: %w", file, err)
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
		return nil, fmt.Errorf("failed to stat remote path %s: %w", name, err)
	}
	return info, nil
}
