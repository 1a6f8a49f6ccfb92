package callers

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"go.uber.org/zap"
)

// What a check costs: go test -run - -bench . -benchmem

func benchmarked(b *testing.B, rules *Handler) *Handler {
	b.Helper()
	set, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{rsaKey().public(), ecKey().public(), edKey().public()}})
	must(b, err)
	keys := fields{}
	for n := range 100 {
		keys[fmt.Sprintf("partner-%d", n)] = []string{sum(fmt.Sprintf("%s-%d", keyA, n))}
	}
	text, err := json.Marshal(keys)
	must(b, err)
	app := &App{
		Issuers: map[string]*Issuer{"main": {
			Iss: "https://issuer.example.no/", Keys: write(b, "set.json", set), Audiences: []string{audience},
			Algorithms: []jose.SignatureAlgorithm{jose.RS256, jose.ES256, jose.EdDSA}, Pass: []string{"scope", "consumer"},
		}},
		Keys: keysFile(b, string(text)),
	}
	must(b, provisioned(b, app))
	must(b, rules.provision(app, zap.NewNop()))
	return rules
}

func benchmarkToken(b *testing.B, by signer, cached bool) {
	handler := benchmarked(b, &Handler{Tokens: []TokenRule{{
		Issuer: "main", Scopes: []string{"orders.write"}, Claims: []ClaimRule{{"consumer.ID", "0192:991825827"}},
	}}})
	issuer := &issuer{Server: &httptest.Server{URL: "https://issuer.example.no"}}
	token := issuer.token(b, by, fields{
		"exp":      time.Now().Add(time.Hour).Unix(),
		"consumer": fields{"authority": "iso6523-actorid-upis", "ID": "0192:991825827"},
	})
	request := httptest.NewRequest("GET", "/", nil)
	request.Header.Set("Authorization", "Bearer "+token)
	b.ReportAllocs()
	for b.Loop() {
		if !cached {
			handler.app.verified.Purge()
		}
		if _, _, refused := handler.identify(request, time.Now()); refused != nil {
			b.Fatal(refused)
		}
	}
}

func BenchmarkRS256(b *testing.B)           { benchmarkToken(b, rsaKey(), false) }
func BenchmarkRS256Remembered(b *testing.B) { benchmarkToken(b, rsaKey(), true) }
func BenchmarkES256(b *testing.B)           { benchmarkToken(b, ecKey(), false) }
func BenchmarkES256Remembered(b *testing.B) { benchmarkToken(b, ecKey(), true) }
func BenchmarkEdDSA(b *testing.B)           { benchmarkToken(b, edKey(), false) }

// A stranger's token costs no signature.
func BenchmarkRefusedToken(b *testing.B) {
	handler := benchmarked(b, &Handler{Tokens: []TokenRule{{Issuer: "main"}}})
	issuer := &issuer{Server: &httptest.Server{URL: "https://issuer.example.no"}}
	token := issuer.token(b, otherRSA(), nil)
	b.ReportAllocs()
	for b.Loop() {
		if _, refused := handler.byToken(context.Background(), token, time.Now()); refused == nil {
			b.Fatal("accepted")
		}
	}
}

func BenchmarkAPIKeyOf100(b *testing.B) {
	handler := benchmarked(b, &Handler{APIKeys: []string{"partner-99"}})
	request := httptest.NewRequest("GET", "/", nil)
	request.Header.Set("X-Api-Key", keyA+"-99")
	b.ReportAllocs()
	for b.Loop() {
		if _, _, refused := handler.identify(request, time.Now()); refused != nil {
			b.Fatal(refused)
		}
	}
}

func BenchmarkCertificate(b *testing.B) {
	partners := newAuthority(b, "partners")
	certificate, err := x509.ParseCertificate(partners.issue(b, nil).Certificate[0])
	must(b, err)
	app := &App{Authorities: map[string]string{"partners": partners.file}}
	must(b, provisioned(b, app))
	handler := &Handler{Certificates: []CertificateRule{{Authority: "partners", Subjects: []string{"CN=client.example.no"}}}}
	must(b, handler.provision(app, zap.NewNop()))
	request := httptest.NewRequest("GET", "/", nil)
	request.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{certificate}}
	b.ReportAllocs()
	for b.Loop() {
		if _, _, refused := handler.identify(request, time.Now()); refused != nil {
			b.Fatal(refused)
		}
	}
}

func BenchmarkLimit(b *testing.B) {
	l := newLimiter(Limit{Requests: 1 << 40, Bytes: 1 << 40, InFlight: 50, Window: 10e9})
	var requests []*http.Request
	for range 1000 {
		requests = append(requests, httptest.NewRequest("GET", "/", nil))
	}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		n++
		if refused := admit(l, "caller", requests[n%1000]); refused != nil {
			b.Fatal(refused)
		}
	}
}
