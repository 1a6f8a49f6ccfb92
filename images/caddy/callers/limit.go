package callers

import (
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"
)

// Callers whose use is remembered. With more, the one that has been quiet for longest is forgotten.
const maxCallers = 100_000

// Limit is what each caller may send: at most this much at once, and after that as much as is
// refilled, evenly, in a window.
type Limit struct {
	Requests int            `json:"requests,omitempty"`
	Bytes    int64          `json:"bytes,omitempty"`
	InFlight int            `json:"in_flight,omitempty"`
	Window   caddy.Duration `json:"window,omitempty"`
}

func (l *Limit) check() error {
	if l.Requests < 0 || l.Bytes < 0 || l.InFlight < 0 {
		return errors.New("a limit below 0; leave out what is not limited")
	}
	if l.Requests == 0 && l.Bytes == 0 && l.InFlight == 0 {
		return errors.New("none of requests, bytes and in_flight; set one, or leave limit out")
	}
	if l.Window <= 0 {
		return errors.New("no window; set the time that requests and bytes are counted in, such as 10s")
	}
	return nil
}

// Counts what callers send.
type limiter struct {
	limit Limit

	mu      sync.Mutex
	callers *simplelru.LRU[callerID, *usage] // the one that has been quiet for longest first
}

type callerID struct{ issuer, subject string }

// What one caller has used.
type usage struct {
	requests, bytes *rate.Limiter
	inFlight        int
	last            time.Time
}

func newLimiter(limit Limit) *limiter {
	callers, err := simplelru.NewLRU[callerID, *usage](maxCallers, nil)
	if err != nil {
		panic(err) // only for a size below 1
	}
	return &limiter{limit: limit, callers: callers}
}

// Destruct has nothing to end.
func (l *limiter) Destruct() error { return nil }

// A request that was let in.
type pass struct {
	limiter *limiter
	usage   *usage
	body    *countedBody
}

// Lets a request of the caller in, until its pass is given back.
func (l *limiter) admit(caller identity, r *http.Request) (*pass, *refusal) {
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	usage := l.usage(callerID{caller.issuer, caller.subject}, now)
	if l.limit.InFlight > 0 && usage.inFlight >= l.limit.InFlight {
		return nil, tooMany("in_flight", "too many requests of this caller are in flight", 0)
	}
	if l.limit.Requests > 0 {
		if wait := take(usage.requests, 1, now); wait > 0 {
			return nil, tooMany("requests", "too many requests of this caller", wait)
		}
	}
	pass := &pass{limiter: l, usage: usage}
	if l.limit.Bytes > 0 && r.ContentLength != 0 {
		if refused := pass.admitBody(r, now); refused != nil {
			return nil, refused
		}
	}
	usage.inFlight++
	return pass, nil
}

// A body whose length is known counts at once, any other while it is read.
func (p *pass) admitBody(r *http.Request, now time.Time) *refusal {
	if r.ContentLength > 0 {
		return charge(p.usage.bytes, r.ContentLength, now)
	}
	p.body = &countedBody{ReadCloser: r.Body, bytes: p.usage.bytes}
	r.Body = p.body
	return nil
}

// The usage of a caller. Those that have been quiet for a window have all of their limits again: they
// need not be remembered.
func (l *limiter) usage(id callerID, now time.Time) *usage {
	for range 2 {
		oldest, its, ok := l.callers.GetOldest()
		if !ok || now.Sub(its.last) < time.Duration(l.limit.Window) {
			break
		}
		if its.inFlight > 0 {
			l.callers.Get(oldest) // is now the newest, so that it does not keep others
		} else {
			l.callers.Remove(oldest)
		}
	}
	found, ok := l.callers.Get(id)
	if !ok {
		found = &usage{
			requests: l.bucket(int64(l.limit.Requests)),
			bytes:    l.bucket(l.limit.Bytes),
		}
		l.callers.Add(id, found)
	}
	found.last = now
	return found
}

func (l *limiter) bucket(size int64) *rate.Limiter {
	return rate.NewLimiter(rate.Limit(float64(size)/time.Duration(l.limit.Window).Seconds()), int(size))
}

func (p *pass) leave() {
	p.limiter.mu.Lock()
	defer p.limiter.mu.Unlock()
	p.usage.inFlight--
	p.usage.last = time.Now()
}

// Why the body could not be read to its end; nil if that was not our doing.
func (p *pass) refused() *refusal {
	if p.body == nil {
		return nil
	}
	return p.body.over()
}

func charge(bytes *rate.Limiter, size int64, now time.Time) *refusal {
	if size > int64(bytes.Burst()) {
		return &refusal{
			status: http.StatusRequestEntityTooLarge, reason: "body",
			detail: "the body is larger than what a caller may send in one go",
		}
	}
	if wait := take(bytes, int(size), now); wait > 0 {
		return tooMany("bytes", "too many bytes of this caller", wait)
	}
	return nil
}

// Takes from a bucket, or says how long it takes until there is that much in it.
func take(bucket *rate.Limiter, size int, now time.Time) time.Duration {
	if bucket.AllowN(now, size) {
		return 0
	}
	reserved := bucket.ReserveN(now, size)
	defer reserved.CancelAt(now)
	return max(reserved.DelayFrom(now), time.Nanosecond)
}

var errTooManyBytes = errors.New("too many bytes of this caller")

// A body that counts while it is read, and ends with an error once the caller has sent too much.
type countedBody struct {
	io.ReadCloser
	bytes *rate.Limiter

	mu      sync.Mutex
	refusal *refusal
}

func (b *countedBody) Read(p []byte) (int, error) {
	if b.over() != nil {
		return 0, errTooManyBytes
	}
	n, err := b.ReadCloser.Read(p)
	if n == 0 {
		return n, err
	}
	if refused := charge(b.bytes, int64(n), time.Now()); refused != nil {
		b.mu.Lock()
		b.refusal = refused
		b.mu.Unlock()
		return 0, errTooManyBytes
	}
	return n, err
}

func (b *countedBody) over() *refusal {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.refusal
}
