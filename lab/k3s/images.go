package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"sync"
	"time"
)

const (
	importedFile = dataFolder + "/lab/imported.json"
	importers    = 2
	attempts     = 3 // then an archive has to change before it is tried again
)

// images brings the archives of the air-gap folder into containerd: those that are there at the
// start before the kubelet runs, later ones as they come.
type images struct {
	mutex    sync.Mutex
	imported map[string]string // of an archive: what it was when it was imported
	refused  map[string]int    // and how often containerd did not take it
	first    chan struct{}
}

func newImages() *images {
	i := &images{imported: map[string]string{}, refused: map[string]int{}, first: make(chan struct{})}
	if content, err := os.ReadFile(importedFile); err == nil {
		_ = json.Unmarshal(content, &i.imported) // unreadable: imported again
	}
	return i
}

func (i *images) waitForAll(ctx context.Context) {
	select {
	case <-i.first:
	case <-ctx.Done():
	}
}

func (i *images) watch(ctx context.Context) {
	for exec.CommandContext(ctx, "ctr", "--address", socket, "version").Run() != nil && ctx.Err() == nil {
		time.Sleep(200 * time.Millisecond)
	}
	i.scan(ctx)
	close(i.first)
	for ctx.Err() == nil {
		time.Sleep(2 * time.Second)
		i.scan(ctx)
	}
}

func (i *images) scan(ctx context.Context) {
	type archive struct {
		path string
		info fs.FileInfo
	}
	var waiting []archive
	files, _ := filepath.Glob(imagesFolder + "/*.tar")
	for _, path := range files {
		info, err := os.Stat(path)
		if err != nil || i.imported[path] == identity(info) || i.refused[path+identity(info)] >= attempts {
			continue
		}
		if time.Since(info.ModTime()) > time.Second { // else it may be half-written
			waiting = append(waiting, archive{path, info})
		}
	}
	// The large ones first: the last one decides when all are there.
	sort.Slice(waiting, func(a, b int) bool { return waiting[a].info.Size() > waiting[b].info.Size() })
	queue := make(chan archive)
	var group sync.WaitGroup
	for range importers {
		group.Add(1)
		go func() {
			defer group.Done()
			for next := range queue {
				output, err := exec.CommandContext(ctx, "ctr", "--address", socket, "--namespace", "k8s.io",
					"images", "import", next.path).CombinedOutput()
				if err != nil {
					log.Printf("image %s: %v: %s", filepath.Base(next.path), err, output)
				}
				i.remember(next.path, identity(next.info), err == nil)
			}
		}()
	}
	for _, next := range waiting {
		queue <- next
	}
	close(queue)
	group.Wait()
}

func (i *images) remember(path, identity string, imported bool) {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	if !imported {
		i.refused[path+identity]++
		return
	}
	i.imported[path] = identity
	content, err := json.Marshal(i.imported)
	if err == nil {
		err = writeFile(importedFile, content, 0o600)
	}
	if err != nil {
		log.Printf("%s: %v", importedFile, err)
	}
}

func identity(info fs.FileInfo) string {
	return fmt.Sprintf("%d %d", info.Size(), info.ModTime().UnixNano())
}
