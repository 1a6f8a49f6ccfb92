package callers

import (
	"context"
	"crypto/x509"
	"sync"
	"sync/atomic"
	"time"

	"github.com/caddyserver/caddy/v2"
	"go.uber.org/zap"
	"golang.org/x/time/rate"
)

// When keys are fetched.
type pace struct {
	every    time.Duration // as long as all goes well
	first    time.Duration // after a first failure; then twice as long each time
	longest  time.Duration // after any failure
	unknown  time.Duration // at most once in this time because of an unknown key
	patience time.Duration // for one fetch
}

// A new pod is refused for up to two seconds, until the network policies know it.
var usualPace = pace{
	every: 10 * time.Minute, first: time.Second, longest: 30 * time.Second, unknown: 30 * time.Second, patience: 10 * time.Second,
}

// The keys of an issuer, fetched in the background. A fetch that succeeds replaces all; one that
// fails changes nothing.
type keyring struct {
	source  source
	pace    pace
	name    string
	set     atomic.Pointer[keySet]
	next    atomic.Int64 // when it is fetched again, in Unix nanoseconds
	started sync.Once
	ctx     context.Context
	end     context.CancelFunc
	unknown *rate.Limiter

	mu     sync.Mutex
	flight *flight
}

// A fetch that is on.
type flight struct {
	done chan struct{}
	err  error
}

func newKeyring(id keyringID, roots *x509.CertPool) *keyring {
	ctx, end := context.WithCancel(context.Background())
	return &keyring{
		source:  newSource(id, roots),
		pace:    usualPace,
		name:    id.name,
		ctx:     ctx,
		end:     end,
		unknown: rate.NewLimiter(rate.Every(usualPace.unknown), 1),
	}
}

func (k *keyring) start() { k.started.Do(func() { go k.run(k.fetch()) }) }

// Destruct ends the fetching.
func (k *keyring) Destruct() error {
	k.end()
	return nil
}

func (k *keyring) run(flight *flight) {
	failures := 0
	for {
		<-flight.done
		wait := k.pace.every
		if flight.err == nil {
			if failures > 0 {
				k.log().Info("the issuer's keys are fetched again", zap.String("issuer", k.name))
			}
			failures = 0
		} else {
			wait = min(k.pace.first<<min(failures, 16), k.pace.longest)
			if failures++; failures == 1 || failures%20 == 0 {
				k.log().Warn("the issuer's keys are not fetched; those that are known stay",
					zap.String("issuer", k.name), zap.Int("failures", failures), zap.Error(flight.err))
			}
		}
		k.next.Store(time.Now().Add(wait).UnixNano())
		select {
		case <-k.ctx.Done():
			return
		case <-time.After(wait):
		}
		flight = k.fetch()
	}
}

// Begins a fetch, unless one is on.
func (k *keyring) fetch() *flight {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.flight == nil {
		k.flight = &flight{done: make(chan struct{})}
		go k.land(k.flight)
	}
	return k.flight
}

func (k *keyring) land(flight *flight) {
	flight.err = k.load()
	k.mu.Lock()
	k.flight = nil
	k.mu.Unlock()
	close(flight.done)
}

func (k *keyring) load() error {
	ctx, cancel := context.WithTimeout(k.ctx, k.pace.patience)
	defer cancel()
	text, err := k.source.fetch(ctx)
	if err != nil {
		return err
	}
	set, refused, err := parseKeySet(text)
	if err != nil {
		return err
	}
	// The same set stays the same object, so that verified tokens stay verified.
	if known := k.set.Load(); known != nil && known.sum == set.sum {
		return nil
	}
	k.set.Store(set)
	k.log().Info("the issuer has other keys", zap.String("issuer", k.name), zap.Int("keys", len(set.keys)), zap.Errors("ignored", refused))
	return nil
}

func (k *keyring) onFlight() *flight {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.flight
}

func (k *keyring) current() *keySet { return k.set.Load() }

func (k *keyring) renewed(ctx context.Context, is func(*keySet) bool) *keySet {
	k.start()
	if flight := k.onFlight(); flight != nil {
		wait(ctx, flight)
	}
	set := k.set.Load()
	// Without any keys the next fetch is near.
	if set == nil || is(set) || !k.unknown.Allow() {
		return set
	}
	wait(ctx, k.fetch())
	return k.set.Load()
}

func wait(ctx context.Context, flight *flight) {
	select {
	case <-ctx.Done():
	case <-flight.done:
	}
}

func (k *keyring) retryAfter() time.Duration { return time.Until(time.Unix(0, k.next.Load())) }

// The config's logger may be gone before the keys are.
func (k *keyring) log() *zap.Logger { return caddy.Log().Named(appName) }
