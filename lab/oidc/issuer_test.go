package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

const (
	issuerName = "https://issuer.test/"
	audience   = "https://orders.test"
)

var clock = time.Date(2027, 1, 31, 12, 0, 0, 0, time.UTC)

// fixture is an issuer with one client, reached without a network.
type fixture struct {
	*testing.T
	handler http.Handler
}

func newFixture(t *testing.T) fixture {
	t.Helper()
	keys, err := openKeys("")
	if err != nil {
		t.Fatal(err)
	}
	return fixtureWith(t, keys)
}

func fixtureWith(t *testing.T, keys *keySet) fixture {
	clients := clientList{"orders": {"orders", "a:secret/of 16+", audience, []string{"orders.read", "orders.write"}, "0192:991825827"}}
	return fixture{t, newIssuer(issuerName, clients, keys, func() time.Time { return clock }).handler()}
}

func (f fixture) get(path string, into any) {
	f.Helper()
	response := httptest.NewRecorder()
	f.handler.ServeHTTP(response, httptest.NewRequest(http.MethodGet, path, nil))
	if response.Code != http.StatusOK {
		f.Fatalf("%s: %d %s", path, response.Code, response.Body)
	}
	f.read(response, into)
}

func (f fixture) post(path, id, secret string, form url.Values) *httptest.ResponseRecorder {
	request := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret))
	response := httptest.NewRecorder()
	f.handler.ServeHTTP(response, request)
	return response
}

func (f fixture) read(response *httptest.ResponseRecorder, into any) {
	f.Helper()
	if err := json.Unmarshal(response.Body.Bytes(), into); err != nil {
		f.Fatalf("%s: %v", response.Body, err)
	}
}

type tokenAnswer struct {
	Token     string `json:"access_token"`
	Type      string `json:"token_type"`
	ExpiresIn int    `json:"expires_in"`
	Scope     string
	Error     string
}

// ask is the answer for the client; parameters are name=value.
func (f fixture) ask(path string, parameters ...string) (int, tokenAnswer) {
	f.Helper()
	form := url.Values{"grant_type": {"client_credentials"}}
	for _, parameter := range parameters {
		name, value, _ := strings.Cut(parameter, "=")
		form.Set(name, value)
	}
	response := f.post(path, "orders", "a:secret/of 16+", form)
	var answer tokenAnswer
	f.read(response, &answer)
	return response.Code, answer
}

func (f fixture) token(path string, parameters ...string) string {
	f.Helper()
	status, answer := f.ask(path, parameters...)
	if status != http.StatusOK || answer.Type != "Bearer" {
		f.Fatalf("%d %+v", status, answer)
	}
	return answer.Token
}

func (f fixture) published() jose.JSONWebKeySet {
	f.Helper()
	var metadata struct {
		Issuer string
		Keys   string `json:"jwks_uri"`
	}
	f.get("/.well-known/oauth-authorization-server", &metadata)
	if metadata.Issuer != issuerName || metadata.Keys != issuerName+"jwks" {
		f.Fatalf("%+v", metadata)
	}
	var set jose.JSONWebKeySet
	f.get("/jwks", &set)
	return set
}

// verify is what anybody has to do who is sent a token.
func verify(token string, keys jose.JSONWebKeySet) (map[string]any, error) {
	if len(token) > 8<<10 {
		return nil, errors.New("larger than 8 KiB")
	}
	parsed, err := jwt.ParseSigned(token, algorithms)
	if err != nil {
		return nil, err
	}
	header := parsed.Headers[0]
	if header.ExtraHeaders["typ"] != tokenType {
		return nil, errors.New("another type of token")
	}
	found := keys.Key(header.KeyID)
	if len(found) == 0 {
		return nil, errors.New("unknown key")
	}
	claims, all := jwt.Claims{}, map[string]any{}
	if err := parsed.Claims(found[0], &claims, &all); err != nil {
		return nil, err
	}
	if claims.Expiry == nil {
		return nil, errors.New("it has no end")
	}
	if _, ok := all["consumer"]; !ok {
		return nil, errors.New("no consumer")
	}
	expected := jwt.Expected{Issuer: issuerName, AnyAudience: jwt.Audience{audience}, Time: clock}
	return all, claims.ValidateWithLeeway(expected, 30*time.Second)
}

func TestATokenOfEachAlgorithmIsVerifiedByTheDiscoveredKeys(t *testing.T) {
	f := newFixture(t)
	for _, algorithm := range algorithms {
		claims, err := verify(f.token("/token", "alg="+string(algorithm)), f.published())
		if err != nil {
			t.Fatalf("%s: %v", algorithm, err)
		}
		consumer, _ := claims["consumer"].(map[string]any)
		if claims["scope"] != "orders.read orders.write" || claims["client_id"] != "orders" ||
			consumer["ID"] != "0192:991825827" || consumer["authority"] != "iso6523-actorid-upis" {
			t.Errorf("%s: %v", algorithm, claims)
		}
	}
}

func TestNothingPrivateIsPublished(t *testing.T) {
	for _, key := range newFixture(t).published().Keys {
		if !key.IsPublic() || !key.Valid() || key.KeyID == "" || key.Use != "sig" {
			t.Errorf("%+v", key)
		}
	}
}

func TestATokenHasTheScopesAndTheLifetimeThatWereAskedFor(t *testing.T) {
	f := newFixture(t)
	status, answer := f.ask("/token", "scope=orders.read", "lifetime=10m")
	if status != http.StatusOK || answer.Scope != "orders.read" || answer.ExpiresIn != 600 {
		t.Fatalf("%d %+v", status, answer)
	}
	claims, err := verify(answer.Token, f.published())
	if err != nil || claims["scope"] != "orders.read" || claims["exp"] != float64(clock.Add(10*time.Minute).Unix()) {
		t.Errorf("%v %v", claims, err)
	}
}

func TestRefusesWhatAClientMayNotHave(t *testing.T) {
	f := newFixture(t)
	for parameter, expected := range map[string]string{
		"scope=orders.delete": "invalid_scope",
		"grant_type=password": "unsupported_grant_type",
		"alg=HS256":           "invalid_request",
		"lifetime=2h":         "invalid_request",
		"lifetime=soon":       "invalid_request",
	} {
		if status, answer := f.ask("/token", parameter); status != http.StatusBadRequest || answer.Error != expected {
			t.Errorf("%s: %d %+v", parameter, status, answer)
		}
	}
}

func TestRefusesEverybodyElse(t *testing.T) {
	f := newFixture(t)
	for _, path := range []string{"/token", "/token/odd", "/rotate"} {
		for id, secret := range map[string]string{"orders": "wrong", "stranger": "a:secret/of 16+", "": ""} {
			response := f.post(path, id, secret, url.Values{"grant_type": {"client_credentials"}})
			if response.Code != http.StatusUnauthorized || !strings.HasPrefix(response.Header().Get("WWW-Authenticate"), "Basic ") {
				t.Errorf("%s for %q: %d", path, id, response.Code)
			}
		}
	}
}

func TestARotationEndsTheKeysBefore(t *testing.T) {
	f := newFixture(t)
	before := f.token("/token")
	f.ask("/rotate")
	if _, err := verify(before, f.published()); err == nil {
		t.Error("a token from before is still verified")
	}
	if _, err := verify(f.token("/token"), f.published()); err != nil {
		t.Error(err)
	}
}

func TestARotationCanKeepTheKeysBefore(t *testing.T) {
	f := newFixture(t)
	before := f.token("/token")
	f.ask("/rotate", "keep=true")
	if _, err := verify(before, f.published()); err != nil {
		t.Error(err)
	}
	if count := len(f.published().Keys); count != 2*len(algorithms) {
		t.Errorf("%d keys", count)
	}
	f.ask("/rotate", "keep=true")
	if _, err := verify(before, f.published()); err == nil {
		t.Error("it keeps the keys of more than one rotation")
	}
}

func TestKeysInAFileOutliveIt(t *testing.T) {
	file := filepath.Join(t.TempDir(), "keys.json")
	open := func() fixture {
		keys, err := openKeys(file)
		if err != nil {
			t.Fatal(err)
		}
		return fixtureWith(t, keys)
	}
	first := open()
	first.ask("/rotate", "keep=true")
	token := first.token("/token")
	if _, err := verify(token, open().published()); err != nil {
		t.Error(err)
	}
	if count := len(open().published().Keys); count != 2*len(algorithms) {
		t.Errorf("%d keys", count)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
}

func TestEachOddTokenIsWrongInItsOwnWay(t *testing.T) {
	f := newFixture(t)
	reasons := map[string]string{
		"expired":      "token is expired",
		"not-yet":      "token not valid yet",
		"issued-later": "issued in the future",
		"no-end":       "it has no end",
		"no-audience":  "invalid audience",
		"no-consumer":  "no consumer",
		"audience":     "invalid audience",
		"issuer":       "invalid issuer",
		"huge":         "larger than 8 KiB",
		"none":         "unexpected signature algorithm",
		"hs256":        "unexpected signature algorithm",
		"kid":          "unknown key",
		"signature":    "error in cryptographic primitive",
		"embedded-key": "unknown key",
		"critical":     "unsupported critical header",
		"dpop":         "another type of token",
		"encrypted":    "compact JWS format must have three parts",
	}
	var listed []string
	f.get("/token/odd", &listed)
	for _, kind := range listed {
		for _, algorithm := range algorithms {
			_, err := verify(f.token("/token/odd", "kind="+kind, "alg="+string(algorithm)), f.published())
			if err == nil || reasons[kind] == "" || !strings.Contains(err.Error(), reasons[kind]) {
				t.Errorf("%s with %s: %v", kind, algorithm, err)
			}
		}
	}
	if len(listed) != len(reasons) {
		t.Errorf("%d kinds, %d reasons", len(listed), len(reasons))
	}
}

func TestAnUnknownKindIsRefusedWithTheKnownOnes(t *testing.T) {
	f := newFixture(t)
	if status, answer := f.ask("/token/odd", "kind=right"); status != http.StatusBadRequest || answer.Error != "invalid_request" {
		t.Errorf("%d %+v", status, answer)
	}
}

func TestClientsAreReadFromAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "clients.json")
	for content, expected := range map[string]string{
		`[{"id": "a", "secret": "0123456789abcdef", "audience": "x", "scopes": ["s"], "consumer": "c"}]`: "",
		`[{"id": "a", "secret": "short", "audience": "x"}]`:                                              "lacks",
		`[{"id": "a", "secret": "0123456789abcdef"}]`:                                                    "lacks",
		`[{"id": "a", "secret": "0123456789abcdef", "audience": "x"},
		  {"id": "a", "secret": "0123456789abcdef", "audience": "x"}]`: "twice",
		`{}`: "cannot unmarshal",
	} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		clients, err := readClients(file)
		switch {
		case expected == "" && (err != nil || !slices.Equal(clients["a"].Scopes, []string{"s"})):
			t.Errorf("%s: %v %v", content, clients, err)
		case expected != "" && (err == nil || !strings.Contains(err.Error(), expected)):
			t.Errorf("%s: %v", content, err)
		}
	}
}
