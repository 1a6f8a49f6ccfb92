package callers

import (
	"crypto"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"
)

// API keys, passwords and certificates.

const (
	keyA     = "key-of-partner-a-0123456789abcdef0123456789"
	previous = "old-key-of-partner-a-0123456789abcdef012345"
	keyB     = "key-of-partner-b-0123456789abcdef0123456789"
	revoked  = "key-of-nobody-0123456789abcdef0123456789abc"
)

func sum(key string) string {
	digest := sha256.Sum256([]byte(key))
	return hex.EncodeToString(digest[:])
}

func keysFile(t testing.TB, text string) string { return write(t, "keys.json", []byte(text)) }

func basicOf(user, password string) string {
	return base64.StdEncoding.EncodeToString([]byte(user + ":" + password))
}

func partnerKeys(t *testing.T) string {
	return "keys " + keysFile(t, fmt.Sprintf(`{"partner-a": [%q, %q], "partner-b": [%q]}`, sum(keyA), sum(previous), sum(keyB)))
}

func TestAPIKeys(t *testing.T) {
	e := newEdge(t, partnerKeys(t), map[string]string{"/a": "api_key partner-a", "/both": "api_key partner-a\napi_key partner-b"})
	for key, name := range map[string]string{keyA: "partner-a", previous: "partner-a", keyB: "partner-b"} {
		took := e.accepted(e.get("/both", "X-Api-Key", key))
		if got := callerOf(took); got != "Nordfaas-Caller-Issuer: api-key\nNordfaas-Caller-Subject: "+name {
			t.Error(got)
		}
		if took.Header.Get("X-Api-Key") != "" {
			t.Error("the upstream gets the key")
		}
	}
	e.accepted(e.get("/a", "X-Api-Key", keyA))
	got := e.get("/a", "X-Api-Key", keyB)
	e.refused(got, 403, "this path is not for this caller")
	if got.header.Get("WWW-Authenticate") != "" {
		t.Error("another credential of the same kind would not help")
	}
	for _, key := range []string{"", revoked, keyA + "x", keyA[1:], sum(keyA), "partner-a"} {
		got := e.get("/both", "X-Api-Key", key)
		e.refused(got, 401, "the API key is not known")
		if got.header.Get("WWW-Authenticate") != `ApiKey realm="nordfaas"` {
			t.Error(got)
		}
	}
	// A key is a password only where that is said.
	e.refused(e.get("/a", "Authorization", "Basic "+basicOf("partner-a", keyA)), 403, "this path is not for this caller")
}

func TestARevokedKeyIsRefusedAfterAReload(t *testing.T) {
	routes := map[string]string{"/": "api_key partner-a"}
	e := newEdge(t, partnerKeys(t), routes)
	e.accepted(e.get("/", "X-Api-Key", previous))
	must(t, e.load("keys "+keysFile(t, `{"partner-a": ["`+sum(keyA)+`"]}`), routes))
	e.refused(e.get("/", "X-Api-Key", previous), 401, "the API key is not known")
	e.accepted(e.get("/", "X-Api-Key", keyA))
	must(t, e.load("keys "+keysFile(t, `{"partner-a": []}`), routes))
	e.refused(e.get("/", "X-Api-Key", keyA), 401, "the API key is not known")
}

func TestPasswords(t *testing.T) {
	e := newEdge(t, partnerKeys(t), map[string]string{"/": "basic partner-a"})
	for _, password := range []string{keyA, previous} {
		took := e.accepted(e.get("/", "Authorization", "Basic "+basicOf("partner-a", password)))
		if got := callerOf(took); got != "Nordfaas-Caller-Issuer: api-key\nNordfaas-Caller-Subject: partner-a" {
			t.Error(got)
		}
		if took.Header.Get("Authorization") != "" {
			t.Error("the upstream gets the password")
		}
	}
	for _, wrong := range []string{
		basicOf("partner-a", revoked), basicOf("partner-a", ""), basicOf("partner-b", keyA), basicOf("", keyA),
		basicOf("Partner-A", keyA), "!", "", base64.StdEncoding.EncodeToString([]byte(keyA)),
	} {
		got := e.get("/", "Authorization", "Basic "+wrong)
		e.refused(got, 401, "the user or the password is wrong")
		if got.header.Get("WWW-Authenticate") != `Basic realm="nordfaas", charset="UTF-8"` {
			t.Error(got)
		}
	}
	e.refused(e.get("/", "Authorization", "Basic "+basicOf("partner-b", keyB)), 403, "this path is not for this caller")
	e.refused(e.get("/", "X-Api-Key", keyA), 403, "this path is not for this caller")
}

func TestCertificates(t *testing.T) {
	partners, others := newAuthority(t, "partners"), newAuthority(t, "others")
	e := newEdge(t, "authority partners "+partners.file+"\nauthority others "+others.file+"\n"+partnerKeys(t), map[string]string{
		"/cn":     "certificate partners CN=client.example.no",
		"/dn":     `certificate partners "C=NO, O=Partner \, Søn AS, CN=client.example.no"`,
		"/san":    "certificate partners else.example.no san.example.no",
		"/uri":    "certificate partners spiffe://example.no/client",
		"/email":  "certificate partners client@example.no",
		"/others": "certificate others CN=client.example.no\napi_key partner-a",
	})
	get := func(path string, certificate *tls.Certificate, header ...string) answer {
		request := e.request("GET", path, nil)
		for at := 0; at < len(header); at += 2 {
			request.Header.Set(header[at], header[at+1])
		}
		client := e.clientWith(certificate)
		defer client.CloseIdleConnections()
		return e.do(client, request)
	}
	plain := partners.issue(t, nil)
	partner := partners.issue(t, func(c *x509.Certificate) {
		c.Subject = pkix.Name{CommonName: "client.example.no", Organization: []string{"Partner , Søn AS"}, Country: []string{"NO"}}
		c.DNSNames, c.EmailAddresses = []string{"san.example.no", "*.example.no"}, []string{"client@example.no"}
		c.URIs = []*url.URL{{Scheme: "spiffe", Host: "example.no", Path: "/client"}}
	})
	for path, accepted := range map[string]struct {
		certificate *tls.Certificate
		subject     string
	}{
		"/cn":    {plain, "CN=client.example.no"},
		"/dn":    {partner, `C=NO,%20O=Partner%20\,%20S%C3%B8n%20AS,%20CN=client.example.no`},
		"/san":   {partner, "san.example.no"},
		"/uri":   {partner, "spiffe://example.no/client"},
		"/email": {partner, "client@example.no"},
	} {
		t.Run(path, func(t *testing.T) {
			e.t = t
			took := e.accepted(get(path, accepted.certificate))
			if got := callerOf(took); got != "Nordfaas-Caller-Issuer: mtls:partners\nNordfaas-Caller-Subject: "+accepted.subject {
				t.Error(got)
			}
		})
	}
	const unacceptable, elsewhere = "the client certificate is not accepted", "this path is not for this caller"
	for name, refused := range map[string]struct {
		path        string
		certificate *tls.Certificate
		status      int
		detail      string
	}{
		"none":                                    {"/cn", nil, 401, "this path needs to know who is calling"},
		"another authority":                       {"/cn", newAuthority(t, "partners").issue(t, nil), 401, unacceptable},
		"one of ours, for another path":           {"/cn", others.issue(t, nil), 403, elsewhere},
		"another subject":                         {"/cn", partners.issue(t, func(c *x509.Certificate) { c.Subject.CommonName = "other.example.no" }), 403, elsewhere},
		"more in the subject":                     {"/cn", partner, 403, elsewhere},
		"a common name before it":                 {"/cn", partners.issue(t, named("other.example.no", "client.example.no")), 403, elsewhere},
		"a common name after it":                  {"/cn", partners.issue(t, named("client.example.no", "other.example.no")), 403, elsewhere},
		"a space that is none of ASCII after it":  {"/cn", partners.issue(t, named("client.example.no\u00a0")), 403, elsewhere},
		"a tab before it":                         {"/cn", partners.issue(t, named("\tclient.example.no")), 403, elsewhere},
		"less in the subject":                     {"/dn", plain, 403, elsewhere},
		"the name where another kind is expected": {"/san", plain, 403, elsewhere},
		"a DNS name in the subject":               {"/san", partners.issue(t, func(c *x509.Certificate) { c.Subject.CommonName = "san.example.no" }), 403, elsewhere},
		"expired":                                 {"/cn", partners.issue(t, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) }), 401, unacceptable},
		"not yet":                                 {"/cn", partners.issue(t, func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Minute) }), 401, unacceptable},
		"for servers":                             {"/cn", partners.issue(t, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} }), 401, unacceptable},
		"of itself":                               {"/cn", selfSigned(t), 401, unacceptable},
	} {
		t.Run(name, func(t *testing.T) {
			e.t = t
			e.refused(get(refused.path, refused.certificate), refused.status, refused.detail)
		})
	}
	e.t = t
	// Only without credentials in a header.
	e.refused(get("/cn", plain, "X-Api-Key", "x"), 401, "the API key is not known")
	e.refused(get("/cn", plain, "Authorization", "Custom x"), 401, "the Authorization header has a scheme that is not accepted")
	took := e.accepted(get("/others", plain, "X-Api-Key", keyA))
	if took.Header.Get(issuerHeader) != "api-key" {
		t.Error(took.Header)
	}
}

// With these common names, in this order.
func named(names ...string) func(*x509.Certificate) {
	return func(c *x509.Certificate) {
		for _, name := range names {
			c.Subject.ExtraNames = append(c.Subject.ExtraNames, pkix.AttributeTypeAndValue{Type: asn1.ObjectIdentifier{2, 5, 4, 3}, Value: name})
		}
	}
}

func selfSigned(t *testing.T) *tls.Certificate {
	itself := newAuthority(t, "client.example.no")
	return &tls.Certificate{Certificate: [][]byte{itself.certificate.Raw}, PrivateKey: itself.key}
}

func TestACertificateFromBelowItsAuthority(t *testing.T) {
	root := newAuthority(t, "partners")
	middle := root.issue(t, func(c *x509.Certificate) {
		c.Subject.CommonName, c.IsCA, c.BasicConstraintsValid, c.KeyUsage, c.ExtKeyUsage = "middle", true, true, x509.KeyUsageCertSign, nil
	})
	parsed, err := x509.ParseCertificate(middle.Certificate[0])
	must(t, err)
	below := &certificateAuthority{certificate: parsed, key: middle.PrivateKey.(crypto.Signer)}
	leaf := below.issue(t, nil)
	e := newEdge(t, "authority partners "+root.file, map[string]string{"/": "certificate partners CN=client.example.no"})
	e.refused(e.do(e.clientWith(leaf), e.request("GET", "/", nil)), 401, "the client certificate is not accepted")
	leaf.Certificate = append(leaf.Certificate, middle.Certificate[0])
	e.accepted(e.do(e.clientWith(leaf), e.request("GET", "/", nil)))
}

func TestAPublicPathAsksNobodyAndKnowsWhoShowsACredential(t *testing.T) {
	i := newIssuer(t, rsaKey())
	e := newEdge(t, i.block()+"\n"+partnerKeys(t), map[string]string{"/": "token main {\nscope orders.write\n}\napi_key partner-a\npublic"})
	if got := callerOf(e.accepted(e.get("/"))); got != "" {
		t.Error(got)
	}
	took := e.accepted(e.get("/", "X-Api-Key", keyA))
	if got := callerOf(took); got != "Nordfaas-Caller-Issuer: api-key\nNordfaas-Caller-Subject: partner-a" {
		t.Error(got)
	}
	if took.Header.Get("X-Api-Key") != "" {
		t.Error("the upstream gets the key")
	}
	took = e.accepts("/", i.token(t, rsaKey(), nil))
	if got := callerOf(took); got != "Nordfaas-Caller-Issuer: "+i.iss()+"\nNordfaas-Caller-Subject: client-1" {
		t.Error(got)
	}
}

func TestNobodysRequestsCountAgainstNoLimit(t *testing.T) {
	e := newEdge(t, partnerKeys(t)+"\nlimit {\nrequests 1\nwindow 1h\n}", map[string]string{"/": "api_key partner-a\npublic"})
	e.accepted(e.get("/", "X-Api-Key", keyA))
	if got := e.get("/", "X-Api-Key", keyA); got.status != 429 {
		t.Error(got)
	}
	for range 3 {
		e.accepted(e.get("/"))
	}
}

func TestACredentialThatIsWrongIsRefusedOnAPublicPathToo(t *testing.T) {
	e := newEdge(t, partnerKeys(t), map[string]string{"/": "api_key partner-a\npublic"})
	got := e.get("/", "X-Api-Key", revoked)
	e.refused(got, 401, "the API key is not known")
	if got.header.Get("WWW-Authenticate") != `ApiKey realm="nordfaas"` {
		t.Error(got)
	}
	e.refused(e.get("/", "X-Api-Key", ""), 401, "the API key is not known")
	e.refused(e.get("/", "X-Api-Key", keyB), 403, "this path is not for this caller")
	e.refused(e.get("/", "Authorization", "Bearer "+keyA), 401, "this path takes no tokens")
	e.refused(e.get("/", "Authorization", "Custom x"), 401, "the Authorization header has a scheme that is not accepted")
	e.refused(e.get("/", "Authorization", ""), 401, "the Authorization header has a scheme that is not accepted")
	e.refused(e.get("/", "X-Api-Key", keyA, "X-Api-Key", keyA), 400, "only one Authorization or X-Api-Key header is accepted, with one credential")
}

func TestNobodySaysWhoTheyAreOnAPublicPath(t *testing.T) {
	e := newEdge(t, partnerKeys(t), map[string]string{"/": "api_key partner-a\npublic"})
	took := e.accepted(e.get("/", issuerHeader, "api-key", "Nordfaas_Caller_Subject", "partner-a", "Connection", subjectHeader))
	if got := callerOf(took); got != "" {
		t.Error(got)
	}
}

// A client sends its certificate with the connection, whatever paths it asks for.
func TestACertificateOnAPublicPathCountsWhereThePathTakesCertificates(t *testing.T) {
	partners, others := newAuthority(t, "partners"), newAuthority(t, "others")
	e := newEdge(t, "authority partners "+partners.file+"\n"+partnerKeys(t), map[string]string{
		"/certificates": "certificate partners CN=client.example.no\npublic",
		"/keys":         "api_key partner-a\npublic",
	})
	ours, strangers := e.clientWith(partners.issue(t, nil)), e.clientWith(others.issue(t, nil))
	took := e.accepted(e.do(ours, e.request("GET", "/certificates", nil)))
	if got := callerOf(took); got != "Nordfaas-Caller-Issuer: mtls:partners\nNordfaas-Caller-Subject: CN=client.example.no" {
		t.Error(got)
	}
	e.refused(e.do(strangers, e.request("GET", "/certificates", nil)), 401, "the client certificate is not accepted")
	for _, client := range []*http.Client{ours, strangers} {
		if got := callerOf(e.accepted(e.do(client, e.request("GET", "/keys", nil)))); got != "" {
			t.Error(got)
		}
	}
	if got := callerOf(e.accepted(e.get("/certificates"))); got != "" {
		t.Error(got)
	}
}
