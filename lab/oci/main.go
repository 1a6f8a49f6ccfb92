// Command oci packs a folder into an image of one layer, without Docker: a tar archive that is both
// an OCI image layout and what `docker save` writes, so containerd, skopeo and Jib (tar://) take it.
// The same folder gives the same bytes.
package main

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

type object = map[string]any

type list []string

func (l *list) String() string     { return strings.Join(*l, " ") }
func (l *list) Set(s string) error { *l = append(*l, s); return nil }

func main() {
	var names, env list
	flag.Var(&names, "name", "image name with tag; may be repeated")
	flag.Var(&env, "env", "variable, K=V; may be repeated")
	root := flag.String("root", "", "folder that becomes the layer")
	out := flag.String("out", "", "archive to write")
	entrypoint := flag.String("entrypoint", "", "entry point, words separated by blanks")
	command := flag.String("cmd", "", "default arguments, words separated by blanks")
	user := flag.String("user", "", "user of the process, uid:gid")
	workdir := flag.String("workdir", "", "working directory")
	arch := flag.String("arch", "amd64", "architecture")
	flag.Parse()
	if *root == "" || *out == "" || len(names) == 0 || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	process := object{"Env": append(list{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}, env...)}
	for key, value := range map[string][]string{
		"Entrypoint": strings.Fields(*entrypoint), "Cmd": strings.Fields(*command)} {
		if len(value) > 0 {
			process[key] = value
		}
	}
	for key, value := range map[string]string{"User": *user, "WorkingDir": *workdir} {
		if value != "" {
			process[key] = value
		}
	}
	if err := pack(*root, *out, *arch, names, process); err != nil {
		fmt.Fprintf(os.Stderr, "oci: %s: %v\n", *out, err)
		os.Exit(1)
	}
}

func pack(root, out, arch string, names []string, process object) (err error) {
	layer, err := os.CreateTemp(filepath.Dir(out), ".layer-*")
	if err != nil {
		return err
	}
	defer os.Remove(layer.Name())
	defer layer.Close()
	hash := sha256.New()
	if err := writeLayer(io.MultiWriter(layer, hash), root); err != nil {
		return err
	}
	size, err := layer.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	layerDigest := hex.EncodeToString(hash.Sum(nil))

	const epoch = "1970-01-01T00:00:00Z"
	config := encode(object{
		"architecture": arch, "os": "linux", "created": epoch, "config": process,
		"rootfs":  object{"type": "layers", "diff_ids": list{"sha256:" + layerDigest}},
		"history": []object{{"created": epoch, "created_by": "lab/build"}},
	})
	manifest := encode(object{
		"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
		"config": descriptor("application/vnd.oci.image.config.v1+json", digest(config), int64(len(config))),
		"layers": []object{descriptor("application/vnd.oci.image.layer.v1.tar", layerDigest, size)},
	})
	var entries []object
	for _, name := range names {
		entry := descriptor("application/vnd.oci.image.manifest.v1+json", digest(manifest), int64(len(manifest)))
		entry["platform"] = object{"architecture": arch, "os": "linux"}
		entry["annotations"] = object{
			"io.containerd.image.name":          name,
			"org.opencontainers.image.ref.name": name[strings.LastIndex(name, ":")+1:],
		}
		entries = append(entries, entry)
	}
	index := encode(object{"schemaVersion": 2, "manifests": entries})
	docker := encode([]object{{
		"Config": "blobs/sha256/" + digest(config), "RepoTags": names,
		"Layers": list{"blobs/sha256/" + layerDigest},
	}})

	file, err := os.Create(out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	archive := tar.NewWriter(file)
	add := func(name string, size int64, content io.Reader) {
		if err == nil {
			err = archive.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: size, ModTime: time.Unix(0, 0)})
		}
		if err == nil {
			_, err = io.Copy(archive, content)
		}
	}
	bytesOf := func(name string, content []byte) { add(name, int64(len(content)), bytes.NewReader(content)) }
	bytesOf("oci-layout", []byte(`{"imageLayoutVersion":"1.0.0"}`))
	bytesOf("index.json", index)
	bytesOf("manifest.json", docker)
	bytesOf("blobs/sha256/"+digest(config), config)
	bytesOf("blobs/sha256/"+digest(manifest), manifest)
	if _, seekErr := layer.Seek(0, io.SeekStart); seekErr != nil {
		return seekErr
	}
	add("blobs/sha256/"+layerDigest, size, layer)
	if err != nil {
		return err
	}
	return archive.Close()
}

// writeLayer writes the folder in the order of its names, with owners and modes and without times.
func writeLayer(to io.Writer, root string) error {
	archive := tar.NewWriter(to)
	type inode struct{ device, number uint64 }
	first := map[inode]string{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil || name == "." {
			return err
		}
		target := ""
		if info.Mode()&fs.ModeSymlink != 0 {
			if target, err = os.Readlink(path); err != nil {
				return err
			}
		}
		header, err := tar.FileInfoHeader(info, target)
		if err != nil {
			return err
		}
		header.Name, header.ModTime, header.Uname, header.Gname = name, time.Unix(0, 0), "", ""
		header.AccessTime, header.ChangeTime, header.Format = time.Time{}, time.Time{}, tar.FormatUnknown
		if info.IsDir() {
			header.Name += "/"
		}
		if stat, ok := info.Sys().(*syscall.Stat_t); ok && info.Mode().IsRegular() && stat.Nlink > 1 {
			id := inode{uint64(stat.Dev), stat.Ino}
			if earlier, seen := first[id]; seen {
				header.Typeflag, header.Linkname, header.Size = tar.TypeLink, earlier, 0
			} else {
				first[id] = name
			}
		}
		if err := archive.WriteHeader(header); err != nil || header.Typeflag != tar.TypeReg {
			return err
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer file.Close()
		_, err = io.Copy(archive, file)
		return err
	})
	if err != nil {
		return err
	}
	return archive.Close()
}

func descriptor(mediaType, digest string, size int64) object {
	return object{"mediaType": mediaType, "digest": "sha256:" + digest, "size": size}
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// encode cannot fail: it gets nothing but maps, lists, strings and numbers.
func encode(value any) []byte {
	content, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return content
}
