package callers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

func callerOf(r *http.Request) string {
	var all []string
	for name, values := range r.Header {
		if isCallerHeader(name) {
			all = append(all, fmt.Sprintf("%s: %s", name, strings.Join(values, " | ")))
		}
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}

func TestTheUpstreamIsToldWhoIsCalling(t *testing.T) {
	i := newIssuer(t, rsaKey())
	e := newEdge(t, i.block("pass scope consumer absent"), everywhere)
	consumer := fields{"authority": "iso6523-actorid-upis", "ID": "0192:991825827"}
	took := e.accepts("/", i.token(t, rsaKey(), fields{"consumer": consumer, "scope": "orders.write"}))
	wanted := `Nordfaas-Caller-Claims: {"consumer":{"ID":"0192:991825827","authority":"iso6523-actorid-upis"},"scope":"orders.write"}
Nordfaas-Caller-Issuer: ` + i.iss() + `
Nordfaas-Caller-Subject: client-1`
	if got := callerOf(took); got != wanted {
		t.Error(got)
	}
}

func TestTheSubjectMayBeInAnObject(t *testing.T) {
	i := newIssuer(t, rsaKey())
	e := newEdge(t, i.block("subject consumer.ID"), everywhere)
	took := e.accepts("/", i.token(t, rsaKey(), fields{"consumer": fields{"ID": "0192:991825827"}}))
	if got := took.Header.Get(subjectHeader); got != "0192:991825827" {
		t.Error(got)
	}
	e.refuses("/", i.token(t, rsaKey(), nil), "the token does not name its caller")
}

func TestASubjectIsPercentEncoded(t *testing.T) {
	i := newIssuer(t, rsaKey())
	e := newEdge(t, i.block(), everywhere)
	for subject, encoded := range map[string]string{
		"client-1":                             "client-1",
		"Åse Ø":                                "%C3%85se%20%C3%98",
		"100%":                                 "100%25",
		"%41":                                  "%2541",
		"x\r\nNordfaas-Caller-Issuer: y":       "x%0D%0ANordfaas-Caller-Issuer:%20y",
		"\x00\x1f\x7f":                         "%00%1F%7F",
		"🚚":                                    "%F0%9F%9A%9A",
		`!"#$&'()*+,-./:;<=>?@[\]^_{|}~` + "`": `!"#$&'()*+,-./:;<=>?@[\]^_{|}~` + "`",
	} {
		took := e.accepts("/", i.token(t, rsaKey(), fields{"sub": subject}))
		if got := took.Header.Values(subjectHeader); len(got) != 1 || got[0] != encoded {
			t.Errorf("%q is %q, not %q", subject, got, encoded)
		}
		if got := took.Header.Values(issuerHeader); len(got) != 1 || got[0] != i.iss() {
			t.Errorf("%q: the issuer is %q", subject, got)
		}
	}
}

func TestClaimsAreASCII(t *testing.T) {
	i := newIssuer(t, rsaKey())
	e := newEdge(t, i.block("pass name n list consumer.ID"), everywhere)
	claims := fields{
		"name": "Åse\r\n\"\\\x7f\u2028🚚", "n": json.RawMessage("12345678901234567890.10"), "list": []any{nil, true, "b", 1},
		"consumer": fields{"ID": "x"},
	}
	took := e.accepts("/", i.token(t, rsaKey(), claims))
	wanted := `{"consumer.ID":"x","list":[null,true,"b",1],"n":12345678901234567890.10,"name":"\u00c5se\r\n\"\\\u007f\u2028\ud83d\ude9a"}`
	if got := took.Header.Values(claimsHeader); len(got) != 1 || got[0] != wanted {
		t.Errorf("%q, not %q", got, wanted)
	}
	var read fields
	must(t, json.Unmarshal([]byte(wanted), &read))
	if read["name"] != claims["name"] {
		t.Errorf("%q", read["name"])
	}
}

func TestClaimsOfMoreThan4KiBAreRefused(t *testing.T) {
	i := newIssuer(t, rsaKey())
	e := newEdge(t, i.block("pass name"), everywhere)
	fitting := strings.Repeat("a", maxClaims-len(`{"name":""}`))
	e.accepts("/", i.token(t, rsaKey(), fields{"name": fitting}))
	e.refuses("/", i.token(t, rsaKey(), fields{"name": fitting + "a"}), "the token's claims are too long")
}

// Whatever a client says about itself: in each spelling, through Connection, or after the body.
func TestNobodyCanSayWhoTheyAre(t *testing.T) {
	i := newIssuer(t, rsaKey())
	e := newEdge(t, i.block(), everywhere)
	token := i.token(t, rsaKey(), nil)
	wanted := "Nordfaas-Caller-Issuer: " + i.iss() + "\nNordfaas-Caller-Subject: client-1"
	for _, name := range []string{
		"Nordfaas-Caller-Issuer", "Nordfaas-Caller-Subject", "Nordfaas-Caller-Claims", "Nordfaas-Caller-Anything",
		"nordfaas-caller-subject", "NORDFAAS-CALLER-SUBJECT", "nordfaas_caller_subject", "NORDFAAS_CALLER_SUBJECT",
		"Nordfaas-Caller_Subject", "Nordfaas_Caller-Claims", "nordfaas_caller_claims",
	} {
		for _, values := range [][]string{{"root"}, {"root", "admin"}, {""}} {
			header := []string{"Authorization", "Bearer " + token}
			for _, value := range values {
				header = append(header, name, value)
			}
			if got := callerOf(e.accepted(e.get("/", header...))); got != wanted {
				t.Errorf("%s %q: %s", name, values, got)
			}
		}
		took := e.accepted(e.get("/", "Authorization", "Bearer "+token, "Connection", "keep-alive, "+name, "Connection", name))
		if got := callerOf(took); got != wanted {
			t.Errorf("Connection: %s: %s", name, got)
		}
	}
	request := e.request("POST", "/", bytes.NewReader([]byte("body")))
	request.ContentLength = -1
	request.Header.Set("Authorization", "Bearer "+token)
	request.Trailer = http.Header{"Nordfaas-Caller-Subject": {"root"}, "Nordfaas_caller_claims": {"{}"}}
	took := e.accepted(e.do(e.client, request))
	if got := callerOf(took); got != wanted || len(took.Trailer) != 0 || e.upstream.body != 4 {
		t.Errorf("%s, %v", got, took.Trailer)
	}
}

func TestOnlyWebSocketsMayUpgrade(t *testing.T) {
	i := newIssuer(t, rsaKey())
	e := newEdge(t, i.block(), everywhere)
	token := i.token(t, rsaKey(), nil)
	took := e.accepted(e.get("/", "Authorization", "Bearer "+token, "Connection", "Upgrade, HTTP2-Settings", "Upgrade", "h2c", "Http2-Settings", "AAMAAABkAARAAAAAAAIAAAAA"))
	for _, name := range []string{"Connection", "Upgrade", "Http2-Settings"} {
		if took.Header.Get(name) != "" {
			t.Errorf("%s: %s", name, took.Header.Get(name))
		}
	}
	took = e.accepted(e.get("/", "Authorization", "Bearer "+token, "Connection", "keep-alive, Upgrade, Nordfaas-Caller-Subject", "Upgrade", "WebSocket"))
	if took.Header.Get("Connection") != "Upgrade" || took.Header.Get("Upgrade") != "websocket" || took.Header.Get(subjectHeader) != "client-1" {
		t.Error(took.Header)
	}
}

func TestOneCredentialIsAccepted(t *testing.T) {
	i := newIssuer(t, rsaKey())
	e := newEdge(t, i.block()+"\nkeys "+keysFile(t, `{"partner-a": ["`+sum(keyA)+`"]}`), map[string]string{"/": "token main\napi_key partner-a\nbasic partner-a"})
	token := i.token(t, rsaKey(), nil)
	bearer, basic := "Bearer "+token, "Basic "+basicOf("partner-a", keyA)
	const several = "only one Authorization or X-Api-Key header is accepted, with one credential"
	for name, header := range map[string][]string{
		"two tokens":                    {"Authorization", bearer, "Authorization", bearer},
		"a token, and another":          {"Authorization", bearer, "Authorization", "Bearer x"},
		"a token and a password":        {"Authorization", bearer, "Authorization", basic},
		"two tokens in a header":        {"Authorization", bearer + ", " + bearer},
		"a password and a token":        {"Authorization", basic + "," + bearer},
		"a token and a key":             {"Authorization", bearer, "X-Api-Key", keyA},
		"a password and a key":          {"Authorization", basic, "X-Api-Key", keyA},
		"a scheme of its own and a key": {"Authorization", "Custom x", "X-Api-Key", keyA},
		"two keys":                      {"X-Api-Key", keyA, "X-Api-Key", keyA},
		"two keys in a header":          {"X-Api-Key", keyA + ", " + keyA},
		"a token and an empty key":      {"Authorization", bearer, "X-Api-Key", ""},
	} {
		t.Run(name, func(t *testing.T) {
			e.t = t
			got := e.get("/", header...)
			e.refused(got, 400, several)
			wanted := []string{`Bearer realm="nordfaas", error="invalid_request", error_description="` + several + `"`}
			if challenges := got.header.Values("WWW-Authenticate"); !slices.Equal(challenges, wanted) {
				t.Error(challenges)
			}
		})
	}
	e.t = t
	for _, header := range []string{bearer, "bearer " + token, "BEARER  " + token, basic, "basic " + basicOf("partner-a", keyA)} {
		took := e.accepted(e.get("/", "Authorization", header))
		if took.Header.Get("Authorization") != "" {
			t.Error("the upstream gets it")
		}
	}
}

func TestCredentialsAreNotLookedForElsewhere(t *testing.T) {
	i := newIssuer(t, rsaKey())
	e := newEdge(t, "realm faas.oslo.example.no\n"+i.block(), everywhere)
	token := i.token(t, rsaKey(), nil)
	const unknown = "this path needs to know who is calling"
	form := e.request("POST", "/", strings.NewReader("access_token="+token))
	form.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for name, got := range map[string]answer{
		"nothing":  e.get("/"),
		"query":    e.get("/?access_token=" + token),
		"cookie":   e.get("/", "Cookie", "access_token="+token),
		"proxy":    e.get("/", "Proxy-Authorization", "Bearer "+token),
		"spelling": e.get("/", "X-Authorization", "Bearer "+token),
		"body":     e.do(e.client, form),
	} {
		t.Run(name, func(t *testing.T) {
			e.t = t
			e.refused(got, 401, unknown)
			if challenges := got.header.Values("WWW-Authenticate"); !slices.Equal(challenges, []string{`Bearer realm="faas.oslo.example.no"`}) {
				t.Error(challenges)
			}
		})
	}
	e.t = t
	for _, header := range []string{"", "Digest a=b, c=d", "DPoP " + token, "Custom", token} {
		got := e.get("/", "Authorization", header)
		e.refused(got, 401, "the Authorization header has a scheme that is not accepted")
		if challenge := got.header.Get("WWW-Authenticate"); challenge != `Bearer realm="faas.oslo.example.no"` {
			t.Error(challenge)
		}
	}
}

func TestEachWayInHasAChallenge(t *testing.T) {
	i := newIssuer(t, rsaKey())
	e := newEdge(t, i.block()+"\nkeys "+keysFile(t, `{"partner-a": ["`+sum(keyA)+`"]}`)+"\nauthority partners "+newAuthority(t, "partners").file,
		map[string]string{
			"/all":         "basic partner-a\napi_key partner-a\ntoken main\ncertificate partners CN=x",
			"/key":         "api_key partner-a",
			"/certificate": "certificate partners CN=x",
		})
	for path, wanted := range map[string][]string{
		"/all":         {`Bearer realm="nordfaas"`, `ApiKey realm="nordfaas"`, `Basic realm="nordfaas", charset="UTF-8"`},
		"/key":         {`ApiKey realm="nordfaas"`},
		"/certificate": {`ClientCertificate realm="nordfaas"`},
	} {
		if got := e.get(path).header.Values("WWW-Authenticate"); !slices.Equal(got, wanted) {
			t.Errorf("%s: %q", path, got)
		}
	}
	got := e.withToken("/key", i.token(t, rsaKey(), nil))
	e.refused(got, 401, "this path takes no tokens")
}
