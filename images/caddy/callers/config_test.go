package callers

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/go-jose/go-jose/v4"
)

const written = `{
	callers {
		realm faas.oslo.example.no
		issuer maskinporten {
			iss https://maskinporten.no/
			discovery https://maskinporten.no/.well-known/oauth-authorization-server
			roots /etc/caddy/issuer-maskinporten.pem
			audience https://orders.example.no https://other.example.no
			algorithm RS256 ES256
			leeway 30s
			subject consumer.ID
			pass scope consumer
		}
		issuer pinned {
			iss https://pinned.example.no
			keys /etc/caddy/issuer-pinned.json
			audience a
			audience b
		}
		keys /etc/caddy/keys.json
		authority partners /etc/caddy/authority-partners.pem
		limit {
			requests 1000
			bytes 67108864
			in_flight 50
			window 10s
		}
	}
}
localhost {
	route /orders {
		caller {
			token maskinporten {
				audience https://orders.example.no
				scope orders.write orders.read
				claim consumer.ID 0192:991825827
				claim a b
			}
			token pinned
			api_key partner-a partner-b
			basic ops
			basic others
			certificate partners CN=client.example.no "C=NO, CN=other client"
			public
		}
		respond ok
	}
}
`

const read = `{
  "authorities": {"partners": "/etc/caddy/authority-partners.pem"},
  "issuers": {
    "maskinporten": {
      "iss": "https://maskinporten.no/",
      "discovery": "https://maskinporten.no/.well-known/oauth-authorization-server",
      "roots": "/etc/caddy/issuer-maskinporten.pem",
      "audiences": ["https://orders.example.no", "https://other.example.no"],
      "algorithms": ["RS256", "ES256"],
      "leeway": 30000000000,
      "subject": "consumer.ID",
      "pass": ["scope", "consumer"]
    },
    "pinned": {"iss": "https://pinned.example.no", "keys": "/etc/caddy/issuer-pinned.json", "audiences": ["a", "b"]}
  },
  "keys": "/etc/caddy/keys.json",
  "limit": {"requests": 1000, "bytes": 67108864, "in_flight": 50, "window": 10000000000},
  "realm": "faas.oslo.example.no"
}`

const readHandler = `{
  "api_keys": ["partner-a", "partner-b"],
  "basic": ["ops", "others"],
  "certificates": [{"authority": "partners", "subjects": ["CN=client.example.no", "C=NO, CN=other client"]}],
  "handler": "caller",
  "public": true,
  "tokens": [
    {
      "issuer": "maskinporten",
      "audience": "https://orders.example.no",
      "scopes": ["orders.write", "orders.read"],
      "claims": [{"name": "consumer.ID", "value": "0192:991825827"}, {"name": "a", "value": "b"}]
    },
    {"issuer": "pinned"}
  ]
}`

func TestTheCaddyfileIsRead(t *testing.T) {
	config, _, err := caddyconfig.GetAdapter("caddyfile").Adapt([]byte(written), nil)
	must(t, err)
	var all struct {
		Apps struct {
			Callers json.RawMessage
		}
	}
	must(t, json.Unmarshal(config, &all))
	sameJSON(t, string(all.Apps.Callers), read)
	at := bytes.Index(config, []byte(`{"api_keys"`))
	if at < 0 {
		t.Fatalf("no handler in %s", config)
	}
	var handler json.RawMessage
	must(t, json.NewDecoder(bytes.NewReader(config[at:])).Decode(&handler))
	sameJSON(t, string(handler), readHandler)
}

func sameJSON(t *testing.T, got, wanted string) {
	t.Helper()
	if got, wanted := compact(t, got), compact(t, wanted); got != wanted {
		t.Errorf("%s\nnot %s", got, wanted)
	}
}

func compact(t *testing.T, text string) string {
	t.Helper()
	var value any
	must(t, json.Unmarshal([]byte(text), &value))
	again, err := json.Marshal(value)
	must(t, err)
	return string(again)
}

func TestACaddyfileThatIsWrongIsRefused(t *testing.T) {
	for text, wanted := range map[string]string{
		"callers x {\n}":                                    "wrong argument count or unexpected line ending after 'x'",
		"callers {\nother 1\n}":                             "unrecognized parameter 'other'",
		"callers {\nrealm\n}":                               "wrong argument count or unexpected line ending after 'realm'",
		"callers {\nissuer {\n}\n}":                         "wrong argument count or unexpected line ending after 'issuer'",
		"callers {\nissuer a {\nfoo b\n}\n}":                "unrecognized parameter 'foo'",
		"callers {\nissuer a {\naudience\n}\n}":             "wrong argument count or unexpected line ending after 'audience'",
		"callers {\nissuer a {\nleeway soon\n}\n}":          `soon: time: invalid duration "soon"`,
		"callers {\nissuer a {\n}\nissuer a {\n}\n}":        "issuer a is there twice",
		"callers {\nauthority a\n}":                         "wrong argument count or unexpected line ending after 'a'",
		"callers {\nauthority a b\nauthority a c\n}":        "authority a is there twice",
		"callers {\nlimit {\nrequests many\n}\n}":           "requests many: it has to be a whole number of at least 1",
		"callers {\nlimit {\nrequests 0\n}\n}":              "requests 0: it has to be a whole number of at least 1",
		"callers {\nlimit {\nfoo 1\n}\n}":                   "unrecognized parameter 'foo'",
		"callers {\nlimit {\n}\nlimit {\n}\n}":              "limit is there twice",
		"caller x {\n}":                                     "wrong argument count or unexpected line ending after 'x'",
		"caller {\nfoo\n}":                                  "unrecognized parameter 'foo'",
		"caller {\ntoken\n}":                                "wrong argument count or unexpected line ending after 'token'",
		"caller {\ntoken a {\nfoo\n}\n}":                    "unrecognized parameter 'foo'",
		"caller {\ntoken a {\nclaim b\n}\n}":                "wrong argument count or unexpected line ending after 'b'",
		"caller {\ntoken a {\naudience b\naudience c\n}\n}": "audience is there twice",
		"caller {\ncertificate a\n}":                        "wrong argument count or unexpected line ending after 'a'",
		"caller {\napi_key\n}":                              "wrong argument count or unexpected line ending after 'api_key'",
		"caller {\npublic yes\n}":                           "wrong argument count or unexpected line ending after 'yes'",
	} {
		var unmarshaler caddyfile.Unmarshaler = new(App)
		if strings.HasPrefix(text, "caller ") {
			unmarshaler = new(Handler)
		}
		err := unmarshaler.UnmarshalCaddyfile(caddyfile.NewTestDispenser(text))
		if err == nil || !strings.HasPrefix(err.Error(), wanted) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func provisioned(t testing.TB, app *App) error {
	t.Helper()
	ctx, cancel := caddy.NewContext(caddy.Context{Context: context.Background()})
	t.Cleanup(func() {
		cancel()
		must(t, app.Cleanup())
	})
	return app.Provision(ctx)
}

func TestAnAppThatIsWrongIsRefused(t *testing.T) {
	const iss = "https://a.example.no"
	issuer := func(change func(*Issuer)) *App {
		it := &Issuer{Iss: iss, JWKS: iss + "/jwks", Audiences: []string{"b"}}
		change(it)
		return &App{Issuers: map[string]*Issuer{"a": it}}
	}
	file := func(text string) string {
		return write(t, "file", []byte(text))
	}
	set := func(keys ...jose.JSONWebKey) string {
		text, err := json.Marshal(jose.JSONWebKeySet{Keys: keys})
		must(t, err)
		return file(string(text))
	}
	pinned := func(path string) *App {
		return issuer(func(i *Issuer) { i.JWKS, i.Keys = "", path })
	}
	hour := caddy.Duration(3600e9)
	private := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY"})
	for _, refused := range []struct {
		app    *App
		wanted string
	}{
		{&App{Realm: `a"b`}, `callers: realm "a\"b": it has to be visible ASCII without quotes`},
		{issuer(func(i *Issuer) { i.Iss = "" }), `callers: issuer a: iss "": it has to be 1 to 256 characters of visible ASCII`},
		{issuer(func(i *Issuer) { i.Iss = "a b" }), `callers: issuer a: iss "a b": it has to be 1 to 256 characters of visible ASCII`},
		{issuer(func(i *Issuer) { i.Iss = "api-key" }), "callers: issuer a: iss api-key: callers with keys and certificates are named like this"},
		{issuer(func(i *Issuer) { i.Iss = "mtls:b" }), "callers: issuer a: iss mtls:b: callers with keys and certificates are named like this"},
		{issuer(func(i *Issuer) { i.Audiences = nil }), "callers: issuer a: no audience: tokens for others would be accepted; add the audience that its tokens have for this site"},
		{issuer(func(i *Issuer) { i.Algorithms = []jose.SignatureAlgorithm{"RS256", "HS256"} }), "callers: issuer a: algorithm HS256: only signatures with a public key are accepted: ES256, ES384, ES512, EdDSA, PS256, PS384, PS512, RS256, RS384, RS512"},
		{issuer(func(i *Issuer) { i.Algorithms = []jose.SignatureAlgorithm{"none"} }), "callers: issuer a: algorithm none: only signatures with a public key are accepted: ES256, ES384, ES512, EdDSA, PS256, PS384, PS512, RS256, RS384, RS512"},
		{issuer(func(i *Issuer) { i.Leeway = &hour }), "callers: issuer a: leeway 1h0m0s: it has to be 0s to 5m0s"},
		{issuer(func(i *Issuer) { i.JWKS = "" }), "callers: issuer a: 0 of discovery, jwks and keys; exactly one says where its keys are"},
		{issuer(func(i *Issuer) { i.Discovery = iss }), "callers: issuer a: 2 of discovery, jwks and keys; exactly one says where its keys are"},
		{issuer(func(i *Issuer) { i.JWKS = "http://a" }), "callers: issuer a: jwks has to be an https URL without a user"},
		{issuer(func(i *Issuer) { i.JWKS, i.Discovery = "", "https://u:p@a" }), "callers: issuer a: discovery has to be an https URL without a user"},
		{issuer(func(i *Issuer) { i.Roots = "/none" }), "callers: issuer a: roots: open /none: no such file or directory"},
		{pinned("/none"), "callers: issuer a: keys: open /none: no such file or directory"},
		{pinned(file(`{"keys":[]}`)), "callers: issuer a: keys: FILE: no key"},
		{pinned(file("{}")), `callers: issuer a: keys: FILE: not a JWK set: it has no "keys"`},
		{pinned(set(rsaKey().public(), jose.JSONWebKey{Key: otherRSA().key})), "callers: issuer a: keys: FILE: key 2: it is private: who can read it could sign"},
		{pinned(set(jose.JSONWebKey{Key: []byte("a secret of 32 bytes, or somewhat")})), "callers: issuer a: keys: FILE: key 1: it is symmetric: who can verify could sign"},
		{&App{Issuers: map[string]*Issuer{
			"a": {Iss: iss, JWKS: iss, Audiences: []string{"b"}}, "b": {Iss: iss, JWKS: iss, Audiences: []string{"c"}},
		}}, "callers: issuer b: iss https://a.example.no is that of a; one issuer has one name, since callers are known by iss and subject"},
		{&App{Keys: "/none"}, "callers: keys: open /none: no such file or directory"},
		{&App{Keys: file(`{"a": "b"}`)}, `callers: keys: FILE: not of the form {"name": ["<SHA-256 in hex>"]}`},
		{&App{Keys: file(`{"a": ["` + sum(keyA)[1:] + `"]}`)}, "callers: keys: FILE: a: entry 1 is not a SHA-256 in hex"},
		{&App{Keys: file(`{"a": ["` + sum(keyA) + `00"]}`)}, "callers: keys: FILE: a: entry 1 is not a SHA-256 in hex"},
		{&App{Keys: file(`{"a": ["` + sum(keyA) + `"], "b": ["` + sum(keyA) + `"]}`)}, "callers: keys: FILE: b has the same key as a: give each a key of its own"},
		{&App{Authorities: map[string]string{"a": file("")}}, "callers: authority a: no certificate in FILE"},
		{&App{Authorities: map[string]string{"a": file(string(private))}}, "callers: authority a: FILE has a PRIVATE KEY; only certificates belong there"},
		{&App{Limit: &Limit{Window: hour}}, "callers: limit: none of requests, bytes and in_flight; set one, or leave limit out"},
		{&App{Limit: &Limit{Requests: 1}}, "callers: limit: no window; set the time that requests and bytes are counted in, such as 10s"},
		{&App{Limit: &Limit{Requests: -1, Window: hour}}, "callers: limit: a limit below 0; leave out what is not limited"},
	} {
		err := provisioned(t, refused.app)
		if err == nil {
			t.Errorf("not refused: %s", refused.wanted)
			continue
		}
		got := err.Error()
		for _, field := range strings.Fields(got) {
			if path := strings.TrimSuffix(field, ":"); strings.HasPrefix(path, os.TempDir()) {
				got = strings.ReplaceAll(got, path, "FILE")
			}
		}
		if got != refused.wanted {
			t.Errorf("%s\nnot %s", got, refused.wanted)
		}
	}
}

func TestARuleThatIsWrongIsRefused(t *testing.T) {
	app := &App{
		Issuers:     map[string]*Issuer{"main": {Iss: "https://a.example.no", JWKS: "https://a.example.no", Audiences: []string{"a"}}},
		Keys:        keysFile(t, `{"partner-a": ["`+sum(keyA)+`"]}`),
		Authorities: map[string]string{"partners": newAuthority(t, "partners").file},
	}
	must(t, provisioned(t, app))
	for wanted, handler := range map[string]*Handler{
		"caller: no way in; name a token, api_key, basic or certificate, or leave the directive out":                   {},
		"caller: public alone asks nobody; name another way in, or leave the directive out":                            {Public: true},
		"caller: token other: there is no such issuer in the global option callers":                                    {Tokens: []TokenRule{{Issuer: "other"}}},
		"caller: token main: the audience b is none of the issuer's; add it there":                                     {Tokens: []TokenRule{{Issuer: "main", Audience: "b"}}},
		`caller: token main: scope "a b": it has to be visible ASCII without quotes`:                                   {Tokens: []TokenRule{{Issuer: "main", Scopes: []string{"a b"}}}},
		"caller: there is no API key partner-b in the keys of the global option callers":                               {APIKeys: []string{"partner-a", "partner-b"}},
		"caller: there is no API key ops in the keys of the global option callers":                                     {Basic: []string{"ops"}},
		"caller: certificate others: there is no such authority in the global option callers":                          {Certificates: []CertificateRule{{Authority: "others", Subjects: []string{"a"}}}},
		"caller: certificate partners: no subject: whoever has a certificate of it would be let in; name the subjects": {Certificates: []CertificateRule{{Authority: "partners"}}},
		`caller: certificate partners: subject "": it has to have 1 to 256 characters`:                                 {Certificates: []CertificateRule{{Authority: "partners", Subjects: []string{""}}}},
	} {
		if err := handler.provision(app, nil); err == nil || err.Error() != wanted {
			t.Errorf("%v\nnot %s", err, wanted)
		}
	}
}

// A check of a config, as the edge's Job makes it, asks nobody.
func TestACheckOfAConfigFetchesNothing(t *testing.T) {
	i := newIssuer(t, rsaKey())
	text := fmt.Sprintf("{\nadmin off\nstorage file_system %s\ncallers {\n%s\n}\n}\nhttp://localhost:%d {\nroute {\ncaller {\ntoken main\n}\n}\n}", t.TempDir(), i.block(), freePort(t))
	config, _, err := caddyconfig.GetAdapter("caddyfile").Adapt([]byte(text), nil)
	must(t, err)
	var parsed *caddy.Config
	must(t, json.Unmarshal(config, &parsed))
	must(t, caddy.Validate(parsed))
	if asked := i.requests(metadataPath); asked != 0 {
		t.Errorf("%d requests", asked)
	}
	references := 0
	pool.Range(func(any, any) bool { references++; return true })
	if references != 0 {
		t.Errorf("%d things are left behind", references)
	}
}

// The Caddy that other tests and the lab have is built with this module.
func TestTheLabsCaddyHasTheModule(t *testing.T) {
	finder := exec.Command("../../../tools/caddy")
	finder.Stderr = os.Stderr
	path, err := finder.Output()
	must(t, err)
	file := filepath.Join(t.TempDir(), "Caddyfile")
	must(t, os.WriteFile(file, []byte(written), 0o600))
	output, err := exec.Command(strings.TrimSpace(string(path)), "adapt", "--config", file, "--adapter", "caddyfile").Output()
	must(t, err)
	if !bytes.Contains(output, []byte(`"handler":"caller"`)) {
		t.Errorf("%s", output)
	}
}
