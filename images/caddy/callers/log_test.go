package callers

import (
	"bytes"
	"context"
	"io"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.uber.org/zap"
)

// With everything that Caddy has to say, and the filter of the edge's log.
func TestNothingOfACallerIsLogged(t *testing.T) {
	i := newIssuer(t, rsaKey())
	e := newEdge(t, i.block("pass email")+"\n"+partnerKeys(t)+"\nlimit {\nrequests 20\nbytes 100\nwindow 1h\n}", map[string]string{
		"/": "token main\napi_key partner-a\nbasic partner-a", "/scoped": "token main {\nscope x\n}",
	})
	const subject, email = "subject-of-the-token", "kari@example.no"
	claims := fields{"sub": subject, "email": email}
	var tokens []string
	for _, by := range []signer{rsaKey(), otherRSA(), otherRSA().named("rsa"), ecKey().named("rsa")} {
		tokens = append(tokens, i.token(t, by, claims))
	}
	tokens = append(tokens, i.token(t, rsaKey(), fields{"sub": subject, "exp": 1}), i.token(t, rsaKey(), fields{"sub": subject, "aud": "x"}), "not-a-token-at-all")
	for _, token := range tokens {
		for _, path := range []string{"/", "/scoped", "/?access_token=" + token} {
			e.withToken(path, token)
		}
		e.get("/", "Authorization", "Custom "+token)
		e.get("/", "Authorization", "Bearer "+token, "X-Api-Key", keyA)
	}
	for _, key := range []string{keyA, previous, keyB, revoked} {
		e.get("/", "X-Api-Key", key)
		e.get("/scoped", "X-Api-Key", key)
		e.get("/", "Authorization", "Basic "+basicOf("partner-a", key))
	}
	request := e.request("POST", "/", io.MultiReader(bytes.NewReader(make([]byte, 200))))
	request.Header.Set("X-Api-Key", keyA)
	e.do(e.client, request)
	e.upstream.Close()
	if got := e.withToken("/", tokens[0]); got.status != 502 {
		t.Error(got)
	}
	i.goesAway()
	e.withToken("/", i.token(t, rsaKey().named("new"), claims))
	must(t, e.load(i.block(), everywhere))

	log := e.log()
	for _, secret := range []string{keyA, previous, keyB, revoked, subject, email, sum(keyA), basicOf("partner-a", keyA)} {
		if strings.Contains(log, secret) {
			t.Errorf("%s is in the log", secret)
		}
	}
	for _, token := range tokens {
		for part := range strings.SplitSeq(token, ".") {
			if len(part) > 10 && strings.Contains(log, part) {
				t.Errorf("a part of a token is in the log: %s", part)
			}
		}
	}
	for _, line := range []string{
		`"msg":"a caller is refused","status":401,"way":"token","reason":"signature","issuer":"main"}`,
		`"msg":"a caller is refused","status":401,"way":"token","reason":"expired","issuer":"main"}`,
		`"msg":"a caller is refused","status":403,"way":"token","reason":"scope","issuer":"main"}`,
		`"msg":"a caller is refused","status":401,"way":"api_key","reason":"key","issuer":""}`,
		`"msg":"a caller is refused","status":400,"way":"none","reason":"several","issuer":""}`,
		`"msg":"the issuer has other keys","issuer":"main","keys":1`,
		`upstream roundtrip`, // so it is everything
	} {
		if !strings.Contains(log, line) {
			t.Errorf("not in the log: %s", line)
		}
	}
}

func TestRefusalsAreCounted(t *testing.T) {
	ctx, cancel := caddy.NewContext(caddy.Context{Context: context.Background()})
	defer cancel()
	app := &App{Keys: keysFile(t, `{"partner-a": ["`+sum(keyA)+`"]}`)}
	must(t, app.Provision(ctx))
	handler := &Handler{APIKeys: []string{"partner-a"}}
	must(t, handler.provision(app, zap.NewNop()))
	for _, key := range []string{"", "x", "y"} {
		request := httptest.NewRequest("GET", "/", nil)
		if key != "" {
			request.Header.Set("X-Api-Key", key)
		}
		must(t, handler.ServeHTTP(httptest.NewRecorder(), request, nil))
	}
	must(t, testutil.GatherAndCompare(ctx.GetMetricsRegistry(), strings.NewReader(`
# HELP nordfaas_callers_refused_total Requests that were refused because of who is calling, by the way in that they tried, and the reason.
# TYPE nordfaas_callers_refused_total counter
nordfaas_callers_refused_total{reason="key",way="api_key"} 2
nordfaas_callers_refused_total{reason="none",way="none"} 1
`), "nordfaas_callers_refused_total"))
}
