package callers

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

var everywhere = map[string]string{"/": "token main"}

func TestKeysComeFromMetadataFromAURLOrFromAFile(t *testing.T) {
	i := newIssuer(t, rsaKey())
	pinned, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{rsaKey().public()}})
	must(t, err)
	for name, block := range map[string]string{
		"discovery": i.block(),
		"jwks":      i.blockFrom("jwks " + i.URL + keysPath),
		"keys":      strings.Replace(i.blockFrom("keys "+write(t, "keys.json", pinned)), "roots "+i.roots, "", 1),
	} {
		t.Run(name, func(t *testing.T) {
			e := newEdge(t, block, everywhere)
			e.accepts("/", i.token(t, rsaKey(), nil))
			e.refuses("/", i.token(t, otherRSA(), nil), "the token's key is not known")
		})
	}
}

func TestARotatedKeyIsFetchedWhenItIsFirstSeen(t *testing.T) {
	i := newIssuer(t, rsaKey())
	e := newEdge(t, i.block(), everywhere)
	e.accepts("/", i.token(t, rsaKey(), nil))
	i.has(rsaKey(), otherRSA())
	e.accepts("/", i.token(t, otherRSA(), nil))
	e.accepts("/", i.token(t, rsaKey(), nil))
	if asked := i.requests(keysPath); asked != 2 {
		t.Errorf("%d requests for keys", asked)
	}
}

func TestATokenOfAKeyThatWasTakenBackIsRefused(t *testing.T) {
	at(t, func(p *pace) { p.every = 100 * time.Millisecond })
	i := newIssuer(t, rsaKey(), ecKey())
	e := newEdge(t, i.block(), everywhere)
	token, other := i.token(t, rsaKey(), nil), i.token(t, ecKey(), nil)
	e.accepts("/", token)
	e.accepts("/", other)
	i.has(ecKey())
	eventually(t, "the token is refused", func() bool { return e.withToken("/", token).status == 401 })
	e.accepts("/", other)
	i.has()
	eventually(t, "without keys all are", func() bool { return e.withToken("/", other).status == 401 })
	e.upstream.took()
	e.refuses("/", other, "the token's key is not known")
}

func TestWhileTheIssuerIsAwayItsKeysAreKept(t *testing.T) {
	at(t, func(p *pace) {
		p.every, p.first, p.longest = 50*time.Millisecond, 50*time.Millisecond, 50*time.Millisecond
	})
	good := newIssuer(t, rsaKey())
	elsewhere := newIssuer(t, otherRSA())
	empty := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, text) }
	}
	at := func(path string, then http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == path {
				then(w, r)
				return
			}
			_ = json.NewEncoder(w).Encode(fields{"issuer": good.iss(), "jwks_uri": good.URL + keysPath})
		}
	}
	e := newEdge(t, good.block(), everywhere)
	e.accepts("/", good.token(t, rsaKey(), nil))
	for name, answer := range map[string]http.HandlerFunc{
		"closes connections":          func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"answers 500":                 func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "{}", 500) },
		"answers 404":                 at(keysPath, http.NotFound),
		"has a page of HTML":          empty("<html>"),
		"metadata of another":         empty(`{"issuer":"https://else.example.no/","jwks_uri":"` + good.URL + keysPath + `"}`),
		"metadata without keys":       empty(`{"issuer":"` + good.iss() + `"}`),
		"keys at another host":        empty(`{"issuer":"` + good.iss() + `","jwks_uri":"` + elsewhere.URL + keysPath + `"}`),
		"keys without TLS":            empty(`{"issuer":"` + good.iss() + `","jwks_uri":"` + strings.Replace(good.URL, "https:", "http:", 1) + keysPath + `"}`),
		"no set of keys":              at(keysPath, empty(`{}`)),
		"half a set of keys":          at(keysPath, empty(`{"keys":[{"kty":`)),
		"a set of keys that is null":  at(keysPath, empty(`{"keys":null}`)),
		"a redirect to another host":  at(keysPath, http.RedirectHandler(elsewhere.URL+keysPath, 302).ServeHTTP),
		"redirects without end":       at(keysPath, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, keysPath, 302) }),
		"more than 256 KiB":           at(keysPath, empty(`{"keys":[]`+strings.Repeat(" ", maxKeysBytes)+"}")),
		"more than 256 KiB, unpacked": at(keysPath, packed(t, `{"keys":[]`+strings.Repeat(" ", 16<<20)+"}")),
	} {
		t.Run(name, func(t *testing.T) {
			e.t = t
			good.answers(answer)
			before := good.requests(metadataPath)
			eventually(t, "it was asked twice", func() bool { return good.requests(metadataPath) >= before+2 })
			e.accepts("/", good.token(t, rsaKey(), nil))
			e.refuses("/", good.token(t, otherRSA(), nil), "the token's key is not known")
		})
	}
	if asked := elsewhere.requests(keysPath); asked != 0 {
		t.Errorf("%d requests to another host", asked)
	}
	good.comesBack()
	good.has(otherRSA())
	e.t = t
	eventually(t, "it has the new keys", func() bool { return e.withToken("/", good.token(t, otherRSA(), nil)).status == 200 })
}

func packed(t *testing.T, text string) http.HandlerFunc {
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	_, err := writer.Write([]byte(text))
	must(t, err)
	must(t, writer.Close())
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(packed.Bytes())
	}
}

func TestARedirectAtTheSameHostIsFollowed(t *testing.T) {
	i := newIssuer(t, rsaKey())
	i.answers(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/moved" {
			http.Redirect(w, r, "/moved", 302)
			return
		}
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{rsaKey().public()}})
	})
	e := newEdge(t, i.blockFrom("jwks "+i.URL+keysPath), everywhere)
	e.accepts("/", i.token(t, rsaKey(), nil))
}

func TestWithoutAnyKeysItIsUnavailable(t *testing.T) {
	at(t, func(p *pace) { p.first = 100 * time.Millisecond })
	i := newIssuer(t, rsaKey())
	i.goesAway()
	e := newEdge(t, i.block(), everywhere)
	got := e.withToken("/", i.token(t, rsaKey(), nil))
	e.refused(got, 503, "the keys of the token's issuer are not known yet")
	if after, err := strconv.Atoi(got.header.Get("Retry-After")); err != nil || after < 1 || after > 30 {
		t.Errorf("Retry-After: %q", got.header.Get("Retry-After"))
	}
	// That says nothing about others.
	e.refuses("/", i.token(t, rsaKey(), fields{"iss": "https://else.example.no"}), "the token is of another issuer")
	i.comesBack()
	eventually(t, "it has keys", func() bool { return e.withToken("/", i.token(t, rsaKey(), nil)).status == 200 })
}

// A pod that has just started answers a moment later rather than with 503.
func TestARequestWaitsForTheFirstKeys(t *testing.T) {
	i := newIssuer(t, rsaKey())
	i.answers(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(300 * time.Millisecond)
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{rsaKey().public()}})
	})
	e := newEdge(t, i.blockFrom("jwks "+i.URL+keysPath), everywhere)
	e.accepts("/", i.token(t, rsaKey(), nil))
}

func TestAnIssuerThatDoesNotAnswerHoldsNobodyForLong(t *testing.T) {
	at(t, func(p *pace) { p.patience = 300 * time.Millisecond })
	i := newIssuer(t, rsaKey())
	e := newEdge(t, i.block(), everywhere)
	e.accepts("/", i.token(t, rsaKey(), nil))
	i.answers(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	began := time.Now()
	e.refuses("/", i.token(t, otherRSA(), nil), "the token's key is not known")
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestUnknownKeysCauseOneRequestAtMost(t *testing.T) {
	i := newIssuer(t, rsaKey())
	e := newEdge(t, i.block(), everywhere)
	e.accepts("/", i.token(t, rsaKey(), nil))
	var all sync.WaitGroup
	for worker := range 10 {
		all.Go(func() {
			for n := range 100 {
				token := i.token(t, ecKey().named(fmt.Sprintf("unknown-%d-%d", worker, n)), nil)
				if got := e.withToken("/", token); got.status != 401 {
					t.Error(got)
				}
			}
		})
	}
	all.Wait()
	for _, path := range []string{metadataPath, keysPath} {
		if asked := i.requests(path); asked != 2 {
			t.Errorf("%d requests to %s: one at the start, and one because of 1000 tokens", asked, path)
		}
	}
}

// Nor do those that any key would refuse.
func TestTokensThatNoKeyCouldVerifyCauseNoRequest(t *testing.T) {
	i, e := anyToken(t)
	e.accepts("/", i.token(t, rsaKey(), nil))
	for _, token := range []string{
		i.token(t, otherRSA().with(jose.PS256), nil), i.token(t, ecKey().named("rsa"), nil),
		i.token(t, otherRSA(), fields{"iss": "https://else.example.no/"}), unsigned(t, i, `{"alg":"none","kid":"x"}`),
	} {
		e.withToken("/", token)
	}
	if asked := i.requests(keysPath); asked != 1 {
		t.Errorf("%d requests", asked)
	}
}

func TestKeysAreKeptOverAReload(t *testing.T) {
	i := newIssuer(t, rsaKey())
	e := newEdge(t, i.block(), everywhere)
	e.accepts("/", i.token(t, rsaKey(), nil))
	i.goesAway()
	asked := i.requests(metadataPath)
	must(t, e.load("realm other\n"+i.block("leeway 10s"), everywhere))
	e.accepts("/", i.token(t, rsaKey(), nil))
	if again := i.requests(metadataPath); again != asked {
		t.Errorf("asked again: %d times, not %d", again, asked)
	}
	// A config that is refused changes nothing.
	if err := e.load(i.block("leeway 1h"), everywhere); err == nil {
		t.Error("it was accepted")
	}
	e.accepts("/", i.token(t, rsaKey(), nil))
	// Nor does one without the issuer leave anything behind.
	must(t, e.load("realm x\n"+newIssuer(t).block(), everywhere))
	references := 0
	pool.Range(func(key, _ any) bool {
		if id, ok := key.(keyringID); ok && id.iss == i.iss() {
			references++
		}
		return true
	})
	if references != 0 {
		t.Error("the keys are still fetched")
	}
}

func TestAReloadForgetsWhatWasVerifiedByOtherRules(t *testing.T) {
	i := newIssuer(t, rsaKey())
	e := newEdge(t, i.block(), everywhere)
	token := i.token(t, rsaKey(), fields{"aud": "https://other.example.no"})
	e.accepts("/", token)
	must(t, e.load(strings.Replace(i.block(), " https://other.example.no", "", 1), everywhere))
	e.refuses("/", token, "the token is for another audience")
}

func TestKeysThatCannotVerifyAreIgnored(t *testing.T) {
	text := func(key any) string {
		text, err := json.Marshal(key)
		must(t, err)
		return string(text)
	}
	encryption := otherRSA().named("encryption").public()
	encryption.Use = "enc"
	set := `{"keys":[` + strings.Join([]string{
		text(rsaKey().public()),
		text(jose.JSONWebKey{Key: otherRSA().key, KeyID: "private"}),
		text(jose.JSONWebKey{Key: []byte("a secret of 32 bytes, or somewhat"), KeyID: "symmetric"}),
		text(encryption),
		text(rsaSigner("short", 1024).public()),
		`{"kty":"EC","crv":"P-256","x":"AA","y":"AA","kid":"no point"}`,
		`{"kty":"OKP","crv":"X25519","x":"AA","kid":"not for signatures"}`,
		`{"kty":"from the future","kid":"unknown"}`,
		`{}`,
		strings.Replace(text(ecKey().public()), "{", `{"x5c":["AA"],"x5t":"AA",`, 1),
	}, ",") + "]}"
	found, refused, err := parseKeySet([]byte(set))
	must(t, err)
	if len(found.keys) != 2 || found.keys[0].id != "rsa" || found.keys[1].id != "ec" {
		t.Errorf("%+v", found.keys)
	}
	wanted := `key 2: it is private: who can read it could sign
key 3: it is symmetric: who can verify could sign
key 4: it is not for signatures
key 5: no accepted algorithm is for it
key 6: it cannot be read, or is of another type
key 7: it cannot be read, or is of another type
key 8: it cannot be read, or is of another type
key 9: it cannot be read, or is of another type`
	if got := errors.Join(refused...).Error(); got != wanted {
		t.Error(got)
	}
}

func TestAKeyIsForItsAlgorithmOnly(t *testing.T) {
	key := rsaKey().public()
	key.Algorithm = "PS256"
	text, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{key}})
	must(t, err)
	set, _, err := parseKeySet(text)
	must(t, err)
	if len(set.find("rsa", jose.RS256)) != 0 || len(set.find("rsa", jose.PS256)) != 1 {
		t.Error("alg is ignored")
	}
}

func TestATokenWithoutAKidNeedsASingleKey(t *testing.T) {
	i := newIssuer(t, rsaKey(), otherRSA(), ecKey())
	e := newEdge(t, i.block(), everywhere)
	e.accepts("/", i.token(t, ecKey().named(""), nil))
	e.refuses("/", i.token(t, rsaKey().named(""), nil), "the token does not say which key has signed it")
}

func TestAnIssuerWithAnotherCertificateIsNotAsked(t *testing.T) {
	i := newIssuer(t, rsaKey())
	other := newAuthority(t, "other")
	e := newEdge(t, strings.Replace(i.block(), i.roots, other.file, 1), everywhere)
	e.refused(e.withToken("/", i.token(t, rsaKey(), nil)), 503, "the keys of the token's issuer are not known yet")
	if asked := i.requests(metadataPath); asked != 0 {
		t.Errorf("%d requests", asked)
	}
}

// The network policies let the edge connect to the issuer only.
func TestKeysAreNotFetchedThroughAProxy(t *testing.T) {
	t.Setenv("HTTPS_PROXY", "http://proxy.example.no")
	if transport := newSource(keyringID{}, nil).http.Transport.(*http.Transport); transport.Proxy != nil {
		t.Error("it would ask the proxy")
	}
}
