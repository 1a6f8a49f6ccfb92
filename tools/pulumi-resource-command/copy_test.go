package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/archive"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/asset"
	"github.com/pulumi/pulumi/sdk/v3/go/property"
)

// files writes files, by path, into a new folder.
func files(t *testing.T, contents map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range contents {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func wantFile(t *testing.T, name, want string) {
	t.Helper()
	if content, err := os.ReadFile(name); err != nil || string(content) != want {
		t.Errorf("%s: %q, %v", name, content, err)
	}
}

func fileAsset(t *testing.T, name string) property.Value {
	t.Helper()
	file, err := asset.FromPath(name)
	if err != nil {
		t.Fatal(err)
	}
	return property.New(file)
}

func stringAsset(t *testing.T, text string) property.Value {
	t.Helper()
	content, err := asset.FromText(text)
	if err != nil {
		t.Fatal(err)
	}
	return property.New(content)
}

func folderArchive(t *testing.T, name string) property.Value {
	t.Helper()
	folder, err := archive.FromPath(name)
	if err != nil {
		t.Fatal(err)
	}
	return property.New(folder)
}

func TestCopyOfAFileMakesTheFoldersAboveIt(t *testing.T) {
	source, target := files(t, map[string]string{"a": "content"}), filepath.Join(t.TempDir(), "new", "b")
	newEngine(t, copyToRemote).created(inputs{
		"connection": serveSSH(t).connection(), "source": fileAsset(t, filepath.Join(source, "a")), "remotePath": target,
	})
	wantFile(t, target, "content")
}

func TestCopyOfAFileIntoAFolderKeepsItsName(t *testing.T) {
	source, target := files(t, map[string]string{"a": "content"}), t.TempDir()
	newEngine(t, copyToRemote).created(inputs{
		"connection": serveSSH(t).connection(), "source": fileAsset(t, filepath.Join(source, "a")), "remotePath": target,
	})
	wantFile(t, filepath.Join(target, "a"), "content")
}

func TestCopyOfAFileOverwrites(t *testing.T) {
	source := files(t, map[string]string{"a": "new"})
	target := filepath.Join(files(t, map[string]string{"b": "old and longer"}), "b")
	newEngine(t, copyToRemote).created(inputs{
		"connection": serveSSH(t).connection(), "source": fileAsset(t, filepath.Join(source, "a")), "remotePath": target,
	})
	wantFile(t, target, "new")
}

func TestCopyOfAStringAsset(t *testing.T) {
	target := filepath.Join(t.TempDir(), "new", "text")
	newEngine(t, copyToRemote).created(inputs{
		"connection": serveSSH(t).connection(), "source": stringAsset(t, "content"), "remotePath": target,
	})
	wantFile(t, target, "content")
}

func TestCopyOfAStringAssetOntoAFolderIsAnError(t *testing.T) {
	_, err := newEngine(t, copyToRemote).create(inputs{
		"connection": serveSSH(t).connection(), "source": stringAsset(t, "content"), "remotePath": t.TempDir(),
	})
	wantError(t, err, "is a directory; when using a text asset, remotePath must be a file path")
}

func TestCopyOfAFolderIsRecursive(t *testing.T) {
	source := files(t, map[string]string{"a": "1", "sub/b": "2"})
	target := t.TempDir()
	newEngine(t, copyToRemote).created(inputs{
		"connection": serveSSH(t).connection(), "source": folderArchive(t, source), "remotePath": target,
	})
	wantFile(t, filepath.Join(target, filepath.Base(source), "a"), "1")
	wantFile(t, filepath.Join(target, filepath.Base(source), "sub", "b"), "2")
}

func TestCopyOfAFolderWithSlashCopiesWhatIsInIt(t *testing.T) {
	source := files(t, map[string]string{"a": "1", "sub/b": "2"})
	target := filepath.Join(t.TempDir(), "new")
	newEngine(t, copyToRemote).created(inputs{
		"connection": serveSSH(t).connection(), "source": folderArchive(t, source+"/"), "remotePath": target,
	})
	wantFile(t, filepath.Join(target, "a"), "1")
	wantFile(t, filepath.Join(target, "sub", "b"), "2")
}

func TestCopyOfAFolderOntoAFileIsAnError(t *testing.T) {
	source, target := files(t, map[string]string{"a": "1"}), files(t, map[string]string{"b": "2"})
	_, err := newEngine(t, copyToRemote).create(inputs{
		"connection": serveSSH(t).connection(), "source": folderArchive(t, source),
		"remotePath": filepath.Join(target, "b"),
	})
	wantError(t, err, "failed to stat remote path "+filepath.Join(target, "b", filepath.Base(source))+": ")
}

func TestCopyOfWhatIsInAFolderOntoAFileIsAnError(t *testing.T) {
	source, target := files(t, map[string]string{"a": "1"}), filepath.Join(files(t, map[string]string{"b": "2"}), "b")
	_, err := newEngine(t, copyToRemote).create(inputs{
		"connection": serveSSH(t).connection(), "source": folderArchive(t, source+"/"), "remotePath": target,
	})
	wantError(t, err, "remote path "+target+" exists but is not a directory")
}

func TestCopyAgainWhenTheSourceHasChanged(t *testing.T) {
	engine, target := newEngine(t, copyToRemote), filepath.Join(t.TempDir(), "text")
	in := inputs{"connection": serveSSH(t).connection(), "source": stringAsset(t, "one"), "remotePath": target}
	engine.updated(engine.created(in), in.with("source", stringAsset(t, "two")), false)
	wantFile(t, target, "two")
}

func TestCopyNotAgainWhenOnlyTheConnectionHasChanged(t *testing.T) {
	server := serveSSH(t)
	engine, target := newEngine(t, copyToRemote), filepath.Join(t.TempDir(), "text")
	in := inputs{"connection": server.connection(), "source": stringAsset(t, "one"), "remotePath": target}
	engine.updated(engine.created(in), in.with("connection", server.connection().with("perDialTimeout", 9)), false)
	if server.logins.Load() != 1 {
		t.Errorf("%d logins", server.logins.Load())
	}
}

func TestCopyPreviewConnectsToNothing(t *testing.T) {
	server := serveSSH(t)
	newEngine(t, copyToRemote).previewed(inputs{
		"connection": server.connection(), "source": stringAsset(t, "x"), "remotePath": "/nowhere",
	})
	if server.logins.Load() != 0 {
		t.Error("it has connected")
	}
}

// The official version 1.2.1 refuses it too: a program that relies on it would fail there.
func TestCopyOfAnUnknownSourceIsRefused(t *testing.T) {
	checked := newEngine(t, copyToRemote).check(inputs{
		"connection": inputs{"host": "h"}, "source": property.New(property.Computed), "remotePath": "/x",
	})
	if len(checked.Failures) != 1 || checked.Failures[0].Reason != "either asset or archive must be set" {
		t.Errorf("%v", checked.Failures)
	}
}

func TestCopyOfAURLIsRefused(t *testing.T) {
	checked := newEngine(t, copyToRemote).check(inputs{
		"connection": inputs{"host": "h"}, "remotePath": "/x",
		"source": property.New(&asset.Asset{Sig: "c44067f5952c0a294b673a41bacd8c17", URI: "https://example.com/x"}),
	})
	if len(checked.Failures) != 1 || checked.Failures[0].Reason != "asset must be a path-based file asset or a text asset" {
		t.Errorf("%v", checked.Failures)
	}
}

func TestCopyOfNothingThatExistsIsAnError(t *testing.T) {
	missing := property.New(&asset.Asset{Sig: "c44067f5952c0a294b673a41bacd8c17", Path: filepath.Join(t.TempDir(), "no")})
	_, err := newEngine(t, copyToRemote).create(inputs{
		"connection": serveSSH(t).connection(), "source": missing, "remotePath": "/nowhere",
	})
	wantError(t, err, "no such file")
}
