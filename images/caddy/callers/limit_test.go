package callers

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/caddyserver/caddy/v2"
)

func limited(t *testing.T, limit string) *edge {
	t.Helper()
	return newEdge(t, partnerKeys(t)+"\nlimit {\n"+limit+"\n}", map[string]string{"/": "api_key partner-a partner-b"})
}

func (e *edge) post(key string, body io.Reader) answer {
	e.t.Helper()
	request := e.request("POST", "/", body)
	request.Header.Set("X-Api-Key", key)
	return e.do(e.client, request)
}

func retryAfter(t *testing.T, got answer, least, most int) {
	t.Helper()
	if seconds, err := strconv.Atoi(got.header.Get("Retry-After")); err != nil || seconds < least || seconds > most {
		t.Errorf("Retry-After: %q", got.header.Get("Retry-After"))
	}
}

func TestEachCallerHasItsOwnRequests(t *testing.T) {
	e := limited(t, "requests 5\nwindow 1h")
	for range 5 {
		e.accepted(e.get("/", "X-Api-Key", keyA))
	}
	for _, key := range []string{keyA, previous} {
		got := e.get("/", "X-Api-Key", key)
		e.refused(got, 429, "too many requests of this caller")
		retryAfter(t, got, 700, 720)
	}
	for range 5 {
		e.accepted(e.get("/", "X-Api-Key", keyB))
	}
	e.refused(e.get("/", "X-Api-Key", revoked), 401, "the API key is not known")
	// What was used stays used over a reload of anything else.
	must(t, e.load("realm other\n"+partnerKeys(t)+"\nlimit {\nrequests 5\nwindow 1h\n}", map[string]string{"/": "api_key partner-a partner-b"}))
	e.refused(e.get("/", "X-Api-Key", keyA), 429, "too many requests of this caller")
}

func TestBodiesOfKnownLengthCountBeforeTheyAreRead(t *testing.T) {
	e := limited(t, "bytes 1000\nwindow 1h")
	e.accepted(e.post(keyA, strings.NewReader(strings.Repeat("a", 600))))
	got := e.post(keyA, strings.NewReader(strings.Repeat("a", 600)))
	e.refused(got, 429, "too many bytes of this caller")
	retryAfter(t, got, 700, 720)
	e.accepted(e.post(keyA, strings.NewReader(strings.Repeat("a", 400))))
	e.accepted(e.get("/", "X-Api-Key", keyA))
	e.accepted(e.post(keyB, strings.NewReader(strings.Repeat("a", 1000))))
	e.refused(e.post(keyB, strings.NewReader(strings.Repeat("a", 1001))), 413, "the body is larger than what a caller may send in one go")
}

func TestBodiesOfUnknownLengthCountWhileTheyAreRead(t *testing.T) {
	e := limited(t, "bytes 100000\nwindow 1h")
	chunked := func(size int) io.Reader { return io.MultiReader(strings.NewReader(strings.Repeat("a", size))) }
	e.accepted(e.post(keyA, chunked(60_000)))
	if e.upstream.body != 60_000 {
		t.Errorf("%d bytes have arrived", e.upstream.body)
	}
	got := e.post(keyA, chunked(60_000))
	e.refused(got, 429, "too many bytes of this caller")
	retryAfter(t, got, 1, 3600)
	e.accepted(e.post(keyB, chunked(100_000)))
}

func TestRequestsInFlightAreLimited(t *testing.T) {
	e := limited(t, "in_flight 3\nwindow 1s")
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() { e.get("/held", "X-Api-Key", keyA) })
	}
	eventually(t, "three are in flight", func() bool { return e.upstream.waiting.Load() == 3 })
	got := e.get("/", "X-Api-Key", keyA)
	e.refused(got, 429, "too many requests of this caller are in flight")
	retryAfter(t, got, 1, 1)
	e.accepted(e.get("/", "X-Api-Key", keyB))
	e.upstream.release()
	all.Wait()
	for range 5 {
		e.accepted(e.get("/", "X-Api-Key", keyA))
	}
}

// Also when the upstream breaks the connection in the middle of its answer.
func TestARequestThatFailsIsNoLongerInFlight(t *testing.T) {
	e := limited(t, "in_flight 1\nwindow 1s")
	e.upstream.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/half") {
			w.Header().Set("Content-Length", "10")
			_, _ = w.Write([]byte("half"))
			w.(http.Flusher).Flush()
		}
		panic(http.ErrAbortHandler)
	})
	for range 3 {
		if got := e.get("/", "X-Api-Key", keyA); got.status != 502 {
			t.Error(got)
		}
		request := e.request("GET", "/half", nil)
		request.Header.Set("X-Api-Key", keyA)
		response, err := e.client.Do(request)
		if err == nil {
			_, err = io.ReadAll(response.Body)
			response.Body.Close()
		}
		if err == nil {
			t.Error(response.Status)
		}
	}
}

// ------------------------------------------------------------------------------- by a clock of its own

func someone(name string) identity { return identity{issuer: "test", subject: name} }

func plain() *http.Request { return httptest.NewRequest("GET", "/", nil) }

func sized(size int64) *http.Request {
	request := httptest.NewRequest("POST", "/", strings.NewReader(""))
	request.ContentLength = size
	return request
}

// Admits it, and gives the pass back.
func admit(l *limiter, name string, request *http.Request) *refusal {
	pass, refused := l.admit(someone(name), request)
	if refused == nil {
		pass.leave()
	}
	return refused
}

func TestRequestsAreRefilledEvenly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(Limit{Requests: 10, Window: caddy.Duration(10 * time.Second)})
		for range 10 {
			if refused := admit(l, "a", plain()); refused != nil {
				t.Fatal(refused)
			}
		}
		for range 3 { // A refusal takes nothing.
			if refused := admit(l, "a", plain()); refused == nil || refused.retryAfter != time.Second {
				t.Fatal(refused)
			}
		}
		time.Sleep(time.Second)
		if refused := admit(l, "a", plain()); refused != nil {
			t.Fatal(refused)
		}
		if refused := admit(l, "a", plain()); refused == nil {
			t.Fatal("only one was refilled")
		}
		time.Sleep(time.Hour)
		accepted := 0
		for range 20 {
			if admit(l, "a", plain()) == nil {
				accepted++
			}
		}
		if accepted != 10 {
			t.Fatalf("%d at once after an hour", accepted)
		}
	})
}

func TestRetryAfterIsLongEnough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(Limit{Bytes: 1000, Window: caddy.Duration(10 * time.Second)})
		if refused := admit(l, "a", sized(900)); refused != nil {
			t.Fatal(refused)
		}
		refused := admit(l, "a", sized(500))
		if refused == nil || refused.retryAfter != 4*time.Second {
			t.Fatal(refused)
		}
		time.Sleep(refused.retryAfter - time.Millisecond)
		if refused := admit(l, "a", sized(500)); refused == nil {
			t.Fatal("too early")
		}
		time.Sleep(time.Millisecond)
		if refused := admit(l, "a", sized(500)); refused != nil {
			t.Fatal(refused)
		}
	})
}

func TestCallersAreForgottenWhenTheyHaveBeenQuiet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(Limit{Requests: 1, InFlight: 5, Window: caddy.Duration(10 * time.Second)})
		for n := range 1000 {
			admit(l, fmt.Sprint(n), plain())
		}
		time.Sleep(9 * time.Second)
		busy, refused := l.admit(someone("busy"), plain())
		if refused != nil {
			t.Fatal(refused)
		}
		if refused := admit(l, "0", plain()); refused == nil {
			t.Fatal("forgotten too early")
		}
		time.Sleep(12 * time.Second)
		for n := range 1000 {
			admit(l, fmt.Sprintf("other-%d", n), plain())
		}
		if known := l.callers.Len(); known != 1001 {
			t.Fatalf("%d callers are remembered", known)
		}
		busy.leave()
		if _, there := l.callers.Peek(callerID{"test", "busy"}); !there {
			t.Fatal("one with a request in flight was forgotten")
		}
	})
}

func TestMemoryIsBounded(t *testing.T) {
	l := newLimiter(Limit{Requests: 10, Bytes: 1000, InFlight: 5, Window: caddy.Duration(time.Hour)})
	before := heap()
	for n := range maxCallers + 20_000 {
		admit(l, fmt.Sprintf("caller-%d", n), plain())
	}
	if known := l.callers.Len(); known != maxCallers {
		t.Fatalf("%d callers are remembered", known)
	}
	if used := heap() - before; used > 80<<20 {
		t.Errorf("%d MiB", used>>20)
	}
	runtime.KeepAlive(l)
}

func heap() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

func TestABodyThatHasBeenRefusedStaysRefused(t *testing.T) {
	l := newLimiter(Limit{Bytes: 10, Window: caddy.Duration(time.Hour)})
	request := httptest.NewRequest("POST", "/", strings.NewReader(strings.Repeat("a", 20)))
	request.ContentLength = -1
	pass, refused := l.admit(someone("a"), request)
	if refused != nil {
		t.Fatal(refused)
	}
	defer pass.leave()
	if read, err := io.ReadAll(iotest.OneByteReader(request.Body)); len(read) != 10 || !errors.Is(err, errTooManyBytes) {
		t.Errorf("%d bytes, %v", len(read), err)
	}
	if _, err := request.Body.Read(make([]byte, 1)); !errors.Is(err, errTooManyBytes) {
		t.Error(err)
	}
	if got := pass.refused(); got == nil || got.status != 429 {
		t.Error(got)
	}
}
