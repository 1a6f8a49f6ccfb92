package kubernetes

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/zap"
)

var ctx = context.Background()

// A replica, whose locks are soon given up for lost.
func replica(t *testing.T, server *standIn, cache string) *Storage {
	t.Helper()
	api, err := newAPI(server.URL, namespace, credentials(t))
	if err != nil {
		t.Fatal(err)
	}
	api.patience = 100 * time.Millisecond
	storage := newStorage(api, cache, zap.NewNop())
	storage.leaseDuration = 600 * time.Millisecond
	storage.poll = 20 * time.Millisecond
	return storage
}

// What kill -9 leaves behind: nobody renews its locks.
func (s *Storage) die() {
	for _, lock := range s.held {
		close(lock.stop)
		<-lock.ended
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func has(t *testing.T, storage *Storage, key, wanted string) {
	t.Helper()
	value, err := storage.Load(ctx, key)
	must(t, err)
	if string(value) != wanted {
		t.Fatalf("%s is %q, not %q", key, value, wanted)
	}
}

var keysOfCaddy = []string{
	"acme/acme-v02.api.letsencrypt.org-directory/users/drift@example.no/drift.json",
	"certificates/acme-v02.api.letsencrypt.org-directory/faas.example.no/faas.example.no.crt",
	"certificates/acme-v02.api.letsencrypt.org-directory/faas.example.no/faas.example.no.key",
	"certificates/acme-v02.api.letsencrypt.org-directory/wildcard_.example.no/wildcard_.example.no.crt",
	"instance.uuid",
}

func TestAnotherReplicaReadsWhatOneStores(t *testing.T) {
	server := newStandIn(t)
	one, other := replica(t, server, ""), replica(t, server, "")
	for _, key := range keysOfCaddy {
		must(t, one.Store(ctx, key, []byte("first "+key)))
		must(t, other.Store(ctx, key, []byte("second "+key)))
		has(t, one, key, "second "+key)
		info, err := one.Stat(ctx, key)
		must(t, err)
		if info.Size != int64(len("second "+key)) || !info.IsTerminal || time.Since(info.Modified) > time.Minute {
			t.Fatalf("%+v", info)
		}
	}
	valid := regexp.MustCompile(`^[a-z0-9]([-a-z0-9]{0,251}[a-z0-9])?$`)
	for _, name := range server.names("secrets") {
		if !valid.MatchString(name) {
			t.Errorf("no name for a Secret: %s", name)
		}
	}
}

func TestFoldersAreListedAndDeleted(t *testing.T) {
	storage := replica(t, newStandIn(t), "")
	for _, key := range append(keysOfCaddy, "certificatesX/a") {
		must(t, storage.Store(ctx, key, []byte("x")))
	}
	sites := "certificates/acme-v02.api.letsencrypt.org-directory"
	listed, err := storage.List(ctx, sites, false)
	must(t, err)
	if !slices.Equal(listed, []string{sites + "/faas.example.no", sites + "/wildcard_.example.no"}) {
		t.Fatal(listed)
	}
	all, err := storage.List(ctx, "", true)
	must(t, err)
	if len(all) != 6 {
		t.Fatal(all)
	}
	if !storage.Exists(ctx, sites) || storage.Exists(ctx, "certificates/acme") {
		t.Fatal("a folder is a prefix of whole parts")
	}
	must(t, storage.Delete(ctx, "certificates"))
	must(t, storage.Delete(ctx, "certificates"))
	if _, err := storage.List(ctx, "certificates", true); !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	if _, err := storage.Load(ctx, keysOfCaddy[1]); !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	has(t, storage, "certificatesX/a", "x")
}

func TestAValueFitsIntoASecret(t *testing.T) {
	storage := replica(t, newStandIn(t), "")
	must(t, storage.Store(ctx, "a", bytes.Repeat([]byte("x"), maxSize)))
	err := storage.Store(ctx, "a", bytes.Repeat([]byte("x"), maxSize+1))
	if err == nil || err.Error() != "a has 1048577 bytes, a Secret at most 1048576" {
		t.Fatal(err)
	}
}

func TestALockHasOneHolder(t *testing.T) {
	server := newStandIn(t)
	var inside, most, entered atomic.Int32
	var all sync.WaitGroup
	for range 4 {
		storage := replica(t, server, "")
		for range 3 {
			all.Go(func() {
				must(t, storage.Lock(ctx, "issue_cert_*.example.no"))
				if now := inside.Add(1); now > most.Load() {
					most.Store(now)
				}
				time.Sleep(5 * time.Millisecond)
				entered.Add(1)
				inside.Add(-1)
				must(t, storage.Unlock(ctx, "issue_cert_*.example.no"))
			})
		}
	}
	all.Wait()
	if most.Load() != 1 || entered.Load() != 12 {
		t.Fatalf("%d at once, %d in all", most.Load(), entered.Load())
	}
	if left := server.names("leases"); len(left) != 0 {
		t.Fatal(left)
	}
}

func TestALockIsKeptForAsLongAsItsHolderLives(t *testing.T) {
	server := newStandIn(t)
	one, other := replica(t, server, ""), replica(t, server, "")
	must(t, one.Lock(ctx, "a"))
	short, cancel := context.WithTimeout(ctx, 3*one.leaseDuration)
	defer cancel()
	if err := other.Lock(short, "a"); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
	if ok, err := other.TryLock(ctx, "a"); ok || err != nil {
		t.Fatal(ok, err)
	}
	must(t, one.Unlock(ctx, "a"))
	if ok, err := other.TryLock(ctx, "a"); !ok || err != nil {
		t.Fatal(ok, err)
	}
}

func TestALockOfADeadReplicaIsTakenAfterItsLease(t *testing.T) {
	server := newStandIn(t)
	one, other := replica(t, server, ""), replica(t, server, "")
	must(t, one.Lock(ctx, "a"))
	one.die()
	began := time.Now()
	must(t, other.Lock(ctx, "a"))
	if waited := time.Since(began); waited < other.leaseDuration || waited > 4*other.leaseDuration {
		t.Fatalf("after %s", waited)
	}
}

// The next holder finds the work done.
func TestACrashBetweenWriteAndReleaseLosesNothing(t *testing.T) {
	server := newStandIn(t)
	one, other := replica(t, server, ""), replica(t, server, "")
	must(t, one.Lock(ctx, "issue_cert_a"))
	must(t, one.Store(ctx, "certificates/a.crt", []byte("issued")))
	one.die()
	must(t, other.Lock(ctx, "issue_cert_a"))
	has(t, other, "certificates/a.crt", "issued")
	must(t, other.Unlock(ctx, "issue_cert_a"))
}

func TestOneThatWasGivenUpForLostDoesNotReleaseTheNextHoldersLock(t *testing.T) {
	server := newStandIn(t)
	one, other, third := replica(t, server, ""), replica(t, server, ""), replica(t, server, "")
	must(t, one.Lock(ctx, "a"))
	frozen := one.held["a"]
	one.die()
	must(t, other.Lock(ctx, "a"))
	frozen.stop, frozen.ended = make(chan struct{}), make(chan struct{})
	close(frozen.ended)
	must(t, one.Unlock(ctx, "a"))
	if ok, err := third.TryLock(ctx, "a"); ok || err != nil {
		t.Fatal(ok, err)
	}
}

func TestWhileTheAPIIsAwayCopiesAreReadAndLocksWait(t *testing.T) {
	server := newStandIn(t)
	cache := t.TempDir() + "/storage"
	before := replica(t, server, cache)
	must(t, before.Store(ctx, "certificates/a.crt", []byte("a certificate")))
	must(t, replica(t, server, "").Store(ctx, "instance.uuid", []byte("of another")))
	server.down.Store(true)

	restarted := replica(t, server, cache)
	restarted.api.patience = 2 * time.Second
	has(t, restarted, "certificates/a.crt", "a certificate")
	began := time.Now()
	has(t, restarted, "certificates/a.crt", "a certificate")
	if waited := time.Since(began); waited > restarted.api.patience/2 {
		t.Fatalf("asks again for %s", waited)
	}
	restarted.api.patience = before.api.patience
	if _, err := restarted.Load(ctx, "instance.uuid"); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("what is not known is not missing: %v", err)
	}
	if err := restarted.Store(ctx, "b", nil); err == nil {
		t.Fatal("nothing can be stored")
	}
	time.AfterFunc(300*time.Millisecond, func() { server.down.Store(false) })
	must(t, restarted.Lock(ctx, "a"))
	must(t, restarted.Unlock(ctx, "a"))
}

func TestTwoReplicasHaveOneAuthority(t *testing.T) {
	server := newStandIn(t)
	var all sync.WaitGroup
	var lost atomic.Int32
	for i := range 4 {
		storage := replica(t, server, "")
		all.Go(func() {
			root := "pki/authorities/local/root"
			if _, err := storage.Load(ctx, root+".crt"); !errors.Is(err, fs.ErrNotExist) {
				return // as Caddy: it is there
			}
			must(t, storage.Store(ctx, root+".crt", fmt.Appendf(nil, "certificate of %d", i)))
			if err := storage.Store(ctx, root+".key", fmt.Appendf(nil, "key of %d", i)); err != nil {
				if !strings.Contains(err.Error(), "another replica has just created pki/authorities/local/root") {
					t.Error(err)
				}
				lost.Add(1)
			}
		})
	}
	all.Wait()
	storage := replica(t, server, "")
	certificate, err := storage.Load(ctx, "pki/authorities/local/root.crt")
	must(t, err)
	key, err := storage.Load(ctx, "pki/authorities/local/root.key")
	must(t, err)
	if strings.TrimPrefix(string(certificate), "certificate") != strings.TrimPrefix(string(key), "key") {
		t.Fatalf("%s, %s", certificate, key)
	}
	if len(server.names("secrets")) != 1 {
		t.Fatal(server.names("secrets"))
	}
}

// Each replica renews its own; a later start has to read a certificate and the key of that one.
func TestACertificateOfTheAuthorityAndItsKeyChangeTogether(t *testing.T) {
	storage := replica(t, newStandIn(t), "")
	name := "pki/authorities/local/intermediate"
	for _, of := range []string{"first", "second"} {
		must(t, storage.Store(ctx, name+".crt", []byte("certificate, "+of)))
		must(t, storage.Store(ctx, name+".key", []byte("key, "+of)))
	}
	must(t, storage.Store(ctx, name+".crt", []byte("certificate of one that crashes now")))
	has(t, storage, name+".crt", "certificate, second")
	has(t, storage, name+".key", "key, second")
}
