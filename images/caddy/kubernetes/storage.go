// Package kubernetes lets several Caddys share what they store (certificates, keys, the ACME
// account, the answers to an authority's challenges) in Secrets of a Kubernetes namespace, with
// Leases as locks.
//
// The account needs get, list, create, update and delete of Secrets, and get, create, update and
// delete of Leases, in that one namespace.
package kubernetes

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/caddyserver/certmagic"
	"go.uber.org/zap"
)

const (
	prefix     = "caddy-"
	labelEntry = "nordfaas.dev/caddy-storage"
	entryValue = "value" // a Secret with one key of the storage
	entryPair  = "pair"  // a Secret with a certificate and its private key

	keyOf      = "nordfaas.dev/caddy-key"
	modifiedOf = "nordfaas.dev/caddy-modified"
	sizeOf     = "nordfaas.dev/caddy-size"

	secretType = "nordfaas.dev/caddy-storage"

	// All values of a Secret together (source: Kubernetes, MaxSecretSize in
	// pkg/apis/core/types.go).
	maxSize = 1 << 20
)

// Caddy creates the certificate and the key of its own authority one after the other, without a
// lock: two Caddys that start together would each keep half of the other's (source: caddypki,
// loadOrGenRoot and genIntermediate). As one Secret the two are from the same Caddy.
var pair = regexp.MustCompile(`^(pki/authorities/[^/]+/(root|intermediate))\.(crt|key)$`)

// Storage is a certmagic.Storage.
type Storage struct {
	api    *api
	cache  string // folder of copies; empty: none
	holder string
	log    *zap.Logger

	leaseDuration time.Duration // a lock is given up for lost if it has not been renewed for so long
	poll          time.Duration // how often a lock that is taken is looked at

	mu      sync.Mutex
	pending map[string][]byte // certificates that wait for their key
	seen    map[string]sight
	held    map[string]*held
}

func newStorage(api *api, cache string, log *zap.Logger) *Storage {
	random := make([]byte, 8)
	_, _ = rand.Read(random)
	name, _ := os.Hostname()
	return &Storage{
		api:           api,
		cache:         cache,
		holder:        name + "-" + hex.EncodeToString(random),
		log:           log,
		leaseDuration: 15 * time.Second,
		poll:          time.Second,
		pending:       map[string][]byte{},
		seen:          map[string]sight{},
		held:          map[string]*held{},
	}
}

// Where a key is: the Secret's own key, and the entry in it.
func place(key string) (owner, entry string) {
	if match := pair.FindStringSubmatch(key); match != nil {
		return match[1], match[3]
	}
	return key, entryValue
}

// Keys have slashes, capitals and more characters than the name of a Secret may have.
func nameOf(key string) string {
	sum := sha256.Sum256([]byte(key))
	return prefix + hex.EncodeToString(sum[:16])
}

// Store puts value at key.
func (s *Storage) Store(ctx context.Context, key string, value []byte) error {
	if len(value) > maxSize {
		return fmt.Errorf("%s has %d bytes, a Secret at most %d", key, len(value), maxSize)
	}
	owner, entry := place(key)
	data := map[string][]byte{entry: value}
	switch entry {
	case "crt":
		s.mu.Lock()
		s.pending[owner] = slices.Clone(value)
		s.mu.Unlock()
		return nil
	case "key":
		s.mu.Lock()
		certificate, ok := s.pending[owner]
		delete(s.pending, owner)
		s.mu.Unlock()
		if !ok {
			return fmt.Errorf("%s came without its certificate", key)
		}
		data["crt"] = certificate
	}
	if err := s.write(ctx, owner, data); err != nil {
		return err
	}
	for name, content := range data {
		s.keep(join(owner, name), content)
	}
	return nil
}

func (s *Storage) write(ctx context.Context, owner string, data map[string][]byte) error {
	size := 0
	for _, value := range data {
		size += len(value)
	}
	kind := entryValue
	if len(data) == 2 {
		kind = entryPair
	}
	object := secret{
		APIVersion: "v1",
		Kind:       "Secret",
		Metadata: metadata{
			Name:   nameOf(owner),
			Labels: map[string]string{labelEntry: kind},
			Annotations: map[string]string{
				keyOf:      owner,
				modifiedOf: time.Now().UTC().Format(time.RFC3339Nano),
				sizeOf:     strconv.Itoa(size),
			},
		},
		Type: secretType,
		Data: data,
	}
	once := strings.HasPrefix(owner, "pki/") && path.Base(owner) == "root"
	for {
		if !once {
			err := s.api.call(ctx, http.MethodPut, s.api.secrets()+"/"+object.Metadata.Name, object, nil)
			if !isStatus(err, http.StatusNotFound) {
				return err
			}
		}
		err := s.api.call(ctx, http.MethodPost, s.api.secrets(), object, nil)
		if !isStatus(err, http.StatusConflict) {
			return err
		}
		if once {
			return s.ifOurs(ctx, object)
		}
	}
}

// An authority is created once. A first request that nobody answered may have created it.
func (s *Storage) ifOurs(ctx context.Context, object secret) error {
	var there secret
	if err := s.api.get(ctx, s.api.secrets()+"/"+object.Metadata.Name, &there); err != nil {
		return err
	}
	if string(there.Data["crt"]) == string(object.Data["crt"]) {
		return nil
	}
	return fmt.Errorf("another replica has just created %s: start again to use that one", object.Metadata.Annotations[keyOf])
}

// Load retrieves the value at key.
func (s *Storage) Load(ctx context.Context, key string) ([]byte, error) {
	if s.api.wasAway() {
		if copy, err := s.kept(key); err == nil {
			return copy, nil
		}
	}
	found, entry, err := s.find(ctx, key)
	if isAway(err) && !errors.Is(err, fs.ErrNotExist) {
		if copy, cacheErr := s.kept(key); cacheErr == nil {
			s.log.Warn("using the last copy", zap.String("key", key), zap.Error(err))
			return copy, nil
		}
	}
	if err != nil {
		return nil, err
	}
	value := found.Data[entry]
	s.keep(key, value)
	return value, nil
}

// The Secret of a key, and the entry in it; fs.ErrNotExist if there is none.
func (s *Storage) find(ctx context.Context, key string) (secret, string, error) {
	owner, entry := place(key)
	var found secret
	err := s.api.get(ctx, s.api.secrets()+"/"+nameOf(owner), &found)
	if isStatus(err, http.StatusNotFound) {
		return found, entry, fs.ErrNotExist
	}
	if err != nil {
		return found, entry, err
	}
	if there := found.Metadata.Annotations[keyOf]; there != owner {
		return found, entry, fmt.Errorf("Secret %s is of %q, not of %q", found.Metadata.Name, there, owner)
	}
	if _, ok := found.Data[entry]; !ok {
		return found, entry, fs.ErrNotExist
	}
	return found, entry, nil
}

// Delete deletes key, and everything below it.
func (s *Storage) Delete(ctx context.Context, key string) error {
	items, err := s.all(ctx)
	if err != nil {
		return err
	}
	for _, item := range items {
		owner := item.Metadata.Annotations[keyOf]
		for _, it := range keys(item) {
			if !isIn(it, key) {
				continue
			}
			err := s.api.call(ctx, http.MethodDelete, s.api.secrets()+"/"+item.Metadata.Name, nil, nil)
			if err != nil && !isStatus(err, http.StatusNotFound) {
				return fmt.Errorf("deleting %s: %w", owner, err)
			}
			s.forget(it)
		}
	}
	return nil
}

// Exists says whether there is such a key, or any below it.
func (s *Storage) Exists(ctx context.Context, key string) bool {
	_, err := s.Stat(ctx, key)
	return err == nil
}

// List returns the keys in a folder; fs.ErrNotExist if there are none.
func (s *Storage) List(ctx context.Context, folder string, recursive bool) ([]string, error) {
	items, err := s.all(ctx)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, item := range items {
		for _, key := range keys(item) {
			if !isIn(key, folder) || key == folder {
				continue
			}
			if !recursive {
				rest := strings.TrimPrefix(strings.TrimPrefix(key, folder), "/")
				key = path.Join(folder, strings.SplitN(rest, "/", 2)[0])
			}
			found = append(found, key)
		}
	}
	if len(found) == 0 {
		return nil, fs.ErrNotExist
	}
	slices.Sort(found)
	return slices.Compact(found), nil
}

// Stat returns information about key.
func (s *Storage) Stat(ctx context.Context, key string) (certmagic.KeyInfo, error) {
	found, entry, err := s.find(ctx, key)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := s.List(ctx, key, false); err != nil {
			return certmagic.KeyInfo{}, err
		}
		return certmagic.KeyInfo{Key: key}, nil
	}
	if err != nil {
		return certmagic.KeyInfo{}, err
	}
	modified, _ := time.Parse(time.RFC3339Nano, found.Metadata.Annotations[modifiedOf])
	return certmagic.KeyInfo{Key: key, Modified: modified, Size: int64(len(found.Data[entry])), IsTerminal: true}, nil
}

// Everything that is stored.
func (s *Storage) all(ctx context.Context) ([]secret, error) {
	var list secretList
	err := s.api.get(ctx, s.api.secrets()+"?labelSelector="+url.QueryEscape(labelEntry), &list)
	return list.Items, err
}

func keys(item secret) []string {
	owner := item.Metadata.Annotations[keyOf]
	if item.Metadata.Labels[labelEntry] == entryPair {
		return []string{owner + ".crt", owner + ".key"}
	}
	return []string{owner}
}

func join(owner, entry string) string {
	if entry == entryValue {
		return owner
	}
	return owner + "." + entry
}

// Whether a key is the folder, or in it.
func isIn(key, folder string) bool {
	return folder == "" || key == folder || strings.HasPrefix(key, strings.TrimSuffix(folder, "/")+"/")
}

// A Caddy that starts while the API is away has its copies. They are as secret as its memory: the
// folder is one of the pod's, in memory.
func (s *Storage) keep(key string, value []byte) {
	if s.cache == "" {
		return
	}
	file := s.copyOf(key)
	if err := os.MkdirAll(s.cache, 0o700); err != nil {
		s.log.Warn("no copy", zap.String("key", key), zap.Error(err))
		return
	}
	if err := os.WriteFile(file+".new", value, 0o600); err != nil {
		s.log.Warn("no copy", zap.String("key", key), zap.Error(err))
		return
	}
	if err := os.Rename(file+".new", file); err != nil {
		s.log.Warn("no copy", zap.String("key", key), zap.Error(err))
	}
}

func (s *Storage) kept(key string) ([]byte, error) {
	if s.cache == "" {
		return nil, fs.ErrNotExist
	}
	return os.ReadFile(s.copyOf(key))
}

func (s *Storage) forget(key string) {
	if s.cache != "" {
		_ = os.Remove(s.copyOf(key))
	}
}

func (s *Storage) copyOf(key string) string {
	return filepath.Join(s.cache, nameOf(key))
}

func (s *Storage) String() string {
	return "Kubernetes:" + s.api.namespace
}

var (
	_ certmagic.Storage   = (*Storage)(nil)
	_ certmagic.TryLocker = (*Storage)(nil)
)
