package callers

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig"
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/headers"
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/reverseproxy"
	_ "github.com/caddyserver/caddy/v2/modules/filestorage"
	_ "github.com/caddyserver/caddy/v2/modules/logging"
	"github.com/go-jose/go-jose/v4"
)

// A real Caddy in this process, with an issuer and an upstream next to it.

const (
	audience = "https://orders.example.no"
	enough   = 10 * time.Second
)

// Servers here break connections on purpose.
var quiet = log.New(io.Discard, "", 0)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(enough); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %s: %s", enough, what)
		}
	}
}

func write(t testing.TB, name string, text []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	must(t, os.WriteFile(path, text, 0o600))
	return path
}

// ------------------------------------------------------------------------------------------- keys

type signer struct {
	id        string
	algorithm jose.SignatureAlgorithm
	key       crypto.Signer
}

func rsaSigner(id string, bits int) signer {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		panic(err)
	}
	return signer{id, jose.RS256, key}
}

func ecSigner(id string, algorithm jose.SignatureAlgorithm, curve elliptic.Curve) signer {
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		panic(err)
	}
	return signer{id, algorithm, key}
}

var (
	rsaKey   = sync.OnceValue(func() signer { return rsaSigner("rsa", 2048) })
	otherRSA = sync.OnceValue(func() signer { return rsaSigner("other-rsa", 2048) })
	ecKey    = sync.OnceValue(func() signer { return ecSigner("ec", jose.ES256, elliptic.P256()) })
	otherEC  = sync.OnceValue(func() signer { return ecSigner("other-ec", jose.ES256, elliptic.P256()) })
	edKey    = sync.OnceValue(func() signer {
		_, key, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			panic(err)
		}
		return signer{"ed", jose.EdDSA, key}
	})
)

func (s signer) with(algorithm jose.SignatureAlgorithm) signer { return signer{s.id, algorithm, s.key} }

func (s signer) named(id string) signer { return signer{id, s.algorithm, s.key} }

func (s signer) public() jose.JSONWebKey {
	return jose.JSONWebKey{Key: s.key.Public(), KeyID: s.id, Use: "sig"}
}

func (s signer) sign(t testing.TB, payload []byte, header map[jose.HeaderKey]any) string {
	t.Helper()
	options := &jose.SignerOptions{ExtraHeaders: header}
	signing, err := jose.NewSigner(jose.SigningKey{Algorithm: s.algorithm, Key: jose.JSONWebKey{Key: s.key, KeyID: s.id}}, options)
	must(t, err)
	signed, err := signing.Sign(payload)
	must(t, err)
	text, err := signed.CompactSerialize()
	must(t, err)
	return text
}

type fields map[string]any

// The usual claims, with these in their place; a nil takes one out.
func (i *issuer) claims(changed fields) fields {
	now := time.Now()
	all := fields{
		"iss": i.iss(), "sub": "client-1", "aud": audience, "scope": "orders.read orders.write",
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(time.Minute).Unix(),
	}
	for name, value := range changed {
		if value == nil {
			delete(all, name)
		} else {
			all[name] = value
		}
	}
	return all
}

func (i *issuer) token(t testing.TB, by signer, changed fields) string {
	t.Helper()
	return by.sign(t, payload(t, i.claims(changed)), nil)
}

func payload(t testing.TB, claims fields) []byte {
	t.Helper()
	text, err := json.Marshal(claims)
	must(t, err)
	return text
}

// ----------------------------------------------------------------------------------------- issuer

// An issuer with TLS, whose keys, and answers, can be changed.
type issuer struct {
	*httptest.Server
	roots string

	mu     sync.Mutex
	keys   []jose.JSONWebKey
	asked  map[string]int
	answer http.HandlerFunc // in the place of its own
}

func newIssuer(t testing.TB, keys ...signer) *issuer {
	i := &issuer{asked: map[string]int{}}
	i.has(keys...)
	i.Server = httptest.NewUnstartedServer(http.HandlerFunc(i.serve))
	i.Config.ErrorLog = quiet
	i.StartTLS()
	t.Cleanup(i.Close)
	i.roots = write(t, "issuer.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: i.Certificate().Raw}))
	return i
}

func (i *issuer) iss() string { return i.URL + "/" }

func (i *issuer) has(keys ...signer) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.keys = []jose.JSONWebKey{}
	for _, key := range keys {
		i.keys = append(i.keys, key.public())
	}
}

func (i *issuer) answers(with http.HandlerFunc) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.answer = with
}

func (i *issuer) goesAway() {
	i.answers(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
}

func (i *issuer) comesBack() { i.answers(nil) }

func (i *issuer) requests(path string) int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.asked[path]
}

const (
	metadataPath = "/.well-known/oauth-authorization-server"
	keysPath     = "/jwk"
)

func (i *issuer) serve(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	i.asked[r.URL.Path]++
	answer, keys := i.answer, i.keys
	i.mu.Unlock()
	switch {
	case answer != nil:
		answer(w, r)
	case r.URL.Path == metadataPath:
		_ = json.NewEncoder(w).Encode(fields{"issuer": i.iss(), "jwks_uri": i.URL + keysPath})
	case r.URL.Path == keysPath:
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: keys})
	default:
		http.NotFound(w, r)
	}
}

// Its block in the Caddyfile, under the name main.
func (i *issuer) block(more ...string) string {
	return i.blockFrom("discovery "+i.URL+metadataPath, more...)
}

func (i *issuer) blockFrom(source string, more ...string) string {
	return fmt.Sprintf("issuer main {\niss %s\n%s\nroots %s\naudience %s https://other.example.no\nalgorithm RS256 ES256 EdDSA\n%s\n}",
		i.iss(), source, i.roots, audience, strings.Join(more, "\n"))
}

// When keys are fetched in this test.
func at(t *testing.T, change func(*pace)) {
	before := usualPace
	t.Cleanup(func() { usualPace = before })
	change(&usualPace)
}

// --------------------------------------------------------------------------------------- upstream

// Notes what reaches it.
type upstream struct {
	*httptest.Server
	held    chan struct{} // what requests with /held in their path wait for
	release func()
	waiting atomic.Int32 // how many do

	mu   sync.Mutex
	last *http.Request
	body int
}

func newUpstream(t testing.TB) *upstream {
	u := &upstream{held: make(chan struct{})}
	u.release = sync.OnceFunc(func() { close(u.held) })
	u.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		if strings.Contains(r.URL.Path, "/held") {
			u.waiting.Add(1)
			<-u.held
		}
		u.mu.Lock()
		u.last, u.body = r, len(body)
		u.mu.Unlock()
		fmt.Fprint(w, "ok")
	}))
	u.Config.ErrorLog = quiet
	u.Start()
	t.Cleanup(func() {
		u.release()
		u.Close()
	})
	return u
}

// The last request; nil if there was none. Forgets it.
func (u *upstream) took() *http.Request {
	u.mu.Lock()
	defer u.mu.Unlock()
	last := u.last
	u.last = nil
	return last
}

// ------------------------------------------------------------------------------------ certificates

type certificateAuthority struct {
	certificate *x509.Certificate
	key         crypto.Signer
	file        string
}

func newAuthority(t testing.TB, name string) *certificateAuthority {
	key := ecSigner("", jose.ES256, elliptic.P256()).key
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	must(t, err)
	certificate, err := x509.ParseCertificate(der)
	must(t, err)
	return &certificateAuthority{certificate, key, write(t, "authority.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))}
}

func (a *certificateAuthority) issue(t testing.TB, change func(*x509.Certificate)) *tls.Certificate {
	key := ecSigner("", jose.ES256, elliptic.P256()).key
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "client.example.no"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	if change != nil {
		change(template)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	must(t, err)
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// -------------------------------------------------------------------------------------------- edge

type edge struct {
	t        *testing.T
	upstream *upstream
	folder   string
	port     int
	client   *http.Client
}

// Of all edges here, since Caddy remembers certificates for as long as the process lives.
var site struct {
	authority   *certificateAuthority
	certificate *tls.Certificate
}

func issueSite(t *testing.T) {
	if site.certificate != nil {
		return
	}
	site.authority = newAuthority(t, "site")
	site.certificate = site.authority.issue(t, func(c *x509.Certificate) {
		c.DNSNames, c.ExtKeyUsage = []string{"localhost"}, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	})
}

func newEdge(t *testing.T, callers string, routes map[string]string) *edge {
	t.Helper()
	issueSite(t)
	e := &edge{t: t, upstream: newUpstream(t), folder: t.TempDir(), port: freePort(t)}
	key, err := x509.MarshalPKCS8PrivateKey(site.certificate.PrivateKey)
	must(t, err)
	must(t, os.WriteFile(e.file("tls.crt"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: site.certificate.Certificate[0]}), 0o600))
	must(t, os.WriteFile(e.file("tls.key"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}), 0o600))
	e.client = e.clientWith(nil)
	t.Cleanup(func() { must(t, caddy.Stop()) })
	must(t, e.load(callers, routes))
	return e
}

func (e *edge) file(name string) string { return filepath.Join(e.folder, name) }

func freePort(t testing.TB) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// The log is the edge's, with everything in it that Caddy has to say.
func (e *edge) load(callers string, routes map[string]string) error {
	e.t.Helper()
	var text strings.Builder
	fmt.Fprintf(&text, `{
	admin off
	persist_config off
	auto_https off
	https_port %d
	grace_period 1s
	servers {
		protocols h1 h2
	}
	storage file_system %s
	log {
		output file %s
		level DEBUG
		format filter {
			wrap json
			request>remote_ip delete
			request>remote_port delete
			request>client_ip delete
			request>headers delete
			request>tls delete
			request>uri regexp "[?].*$" ""
			resp_headers delete
			user_id delete
		}
	}
	callers {
		%s
	}
}
https://localhost {
	tls %s %s {
		client_auth {
			mode request
		}
	}
	log
	route {
`, e.port, e.file("storage"), e.file("log"), callers, e.file("tls.crt"), e.file("tls.key"))
	paths := sortedKeys(routes)
	slices.Reverse(paths) // the longer one first, if one is a prefix of the other
	for _, path := range paths {
		fmt.Fprintf(&text, "handle %s* {\nroute {\ncaller {\n%s\n}\nreverse_proxy %s\n}\n}\n", path, routes[path], e.upstream.Listener.Addr())
	}
	text.WriteString("respond 404\n}\n}\n")
	config, _, err := caddyconfig.GetAdapter("caddyfile").Adapt([]byte(text.String()), nil)
	if err != nil {
		return err
	}
	return caddy.Load(config, true)
}

func (e *edge) log() string {
	text, err := os.ReadFile(e.file("log"))
	must(e.t, err)
	return string(text)
}

func (e *edge) clientWith(certificate *tls.Certificate) *http.Client {
	roots := x509.NewCertPool()
	roots.AddCert(site.authority.certificate)
	config := &tls.Config{RootCAs: roots}
	if certificate != nil {
		// Whatever authorities the server names.
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return certificate, nil }
	}
	transport := &http.Transport{TLSClientConfig: config, MaxIdleConnsPerHost: 20}
	e.t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: enough}
}

type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) String() string { return fmt.Sprintf("%d %q %s", a.status, a.header, a.body) }

func (e *edge) request(method, path string, body io.Reader) *http.Request {
	request, err := http.NewRequest(method, fmt.Sprintf("https://localhost:%d%s", e.port, path), body)
	must(e.t, err)
	return request
}

func (e *edge) do(client *http.Client, request *http.Request) answer {
	e.t.Helper()
	response, err := client.Do(request)
	must(e.t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	must(e.t, err)
	return answer{response.StatusCode, response.Header, string(body)}
}

// get PATH NAME VALUE...
func (e *edge) get(path string, header ...string) answer {
	e.t.Helper()
	request := e.request("GET", path, nil)
	for at := 0; at < len(header); at += 2 {
		request.Header[header[at]] = append(request.Header[header[at]], header[at+1])
	}
	return e.do(e.client, request)
}

func (e *edge) withToken(path, token string) answer {
	e.t.Helper()
	return e.get(path, "Authorization", "Bearer "+token)
}

func (e *edge) accepts(path, token string) *http.Request {
	e.t.Helper()
	return e.accepted(e.withToken(path, token))
}

// What the upstream got.
func (e *edge) accepted(got answer) *http.Request {
	e.t.Helper()
	if got.status != 200 {
		e.t.Fatalf("refused: %s", got)
	}
	took := e.upstream.took()
	if took == nil {
		e.t.Fatal("the upstream was not asked")
	}
	return took
}

// Fails unless it was refused like this, and did not reach the upstream.
func (e *edge) refused(got answer, status int, detail string) {
	e.t.Helper()
	wanted := fmt.Sprintf(`{"title":"%s","status":%d,"detail":"%s"}`, http.StatusText(status), status, detail)
	if got.status != status || got.body != wanted {
		e.t.Errorf("%s, not %s", got, wanted)
	}
	for name, value := range map[string]string{"Content-Type": "application/problem+json", "Cache-Control": "no-store"} {
		if got.header.Get(name) != value {
			e.t.Errorf("%s: %q", name, got.header.Get(name))
		}
	}
	if e.upstream.took() != nil {
		e.t.Error("it has reached the upstream")
	}
}

func (e *edge) refuses(path, token, detail string) {
	e.t.Helper()
	got := e.withToken(path, token)
	e.refused(got, 401, detail)
	challenge := fmt.Sprintf(`Bearer realm="nordfaas", error="invalid_token", error_description="%s"`, detail)
	if got.header.Get("WWW-Authenticate") != challenge {
		e.t.Errorf("the challenge is %q, not %q", got.header.Get("WWW-Authenticate"), challenge)
	}
}
