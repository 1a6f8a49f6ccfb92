package main

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

const (
	// As long as Maskinporten's.
	defaultLifetime = 2 * time.Minute
	longestLifetime = time.Hour
	largestBody     = 16 << 10
	tokenType       = "at+jwt" // RFC 9068
)

// issuer answers the requests.
type issuer struct {
	name    string
	clients clientList
	keys    *keySet
	now     func() time.Time
}

func newIssuer(name string, clients clientList, keys *keySet, now func() time.Time) *issuer {
	return &issuer{name, clients, keys, now}
}

func (i *issuer) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/oauth-authorization-server", i.metadata)
	mux.HandleFunc("GET /.well-known/openid-configuration", i.metadata)
	mux.HandleFunc("GET /jwks", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, i.keys.published()) })
	mux.HandleFunc("POST /token", i.authenticated(i.token))
	mux.HandleFunc("GET /token/odd", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, kinds()) })
	mux.HandleFunc("POST /token/odd", i.authenticated(i.oddToken))
	mux.HandleFunc("POST /rotate", i.authenticated(i.rotate))
	return mux
}

func (i *issuer) url(path string) string { return strings.TrimSuffix(i.name, "/") + path }

func (i *issuer) metadata(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]any{
		"issuer":                                i.name,
		"jwks_uri":                              i.url("/jwks"),
		"token_endpoint":                        i.url("/token"),
		"grant_types_supported":                 []string{"client_credentials"},
		"response_types_supported":              []string{},
		"subject_types_supported":               []string{"public"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_basic"},
		"id_token_signing_alg_values_supported": algorithms,
	})
}

// authenticated reads the form, and passes on only what a client sends.
func (i *issuer) authenticated(next func(http.ResponseWriter, *http.Request, client)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, largestBody)
		if err := r.ParseForm(); err != nil {
			refuse(w, http.StatusBadRequest, "invalid_request", "the body is not a form of at most 16 KiB")
			return
		}
		c, ok := i.clients.authenticate(r)
		if !ok {
			w.Header().Set("WWW-Authenticate", `Basic realm="lab-issuer"`)
			refuse(w, http.StatusUnauthorized, "invalid_client", "no client has this id and secret")
			return
		}
		next(w, r, c)
	}
}

// grant is what a client asks for, and gets.
type grant struct {
	client    client
	scopes    []string
	algorithm jose.SignatureAlgorithm
	lifetime  time.Duration
}

// asked reads the grant from the form; it has answered if there is none.
func asked(w http.ResponseWriter, r *http.Request, c client) (grant, bool) {
	form := r.PostForm
	g := grant{c, c.Scopes, algorithms[0], defaultLifetime}
	if form.Get("grant_type") != "client_credentials" {
		refuse(w, http.StatusBadRequest, "unsupported_grant_type", "grant_type has to be client_credentials")
		return g, false
	}
	if scopes := strings.Fields(form.Get("scope")); len(scopes) > 0 {
		g.scopes = scopes
	}
	if !c.allows(g.scopes) {
		refuse(w, http.StatusBadRequest, "invalid_scope", "the client has only "+strings.Join(c.Scopes, " "))
		return g, false
	}
	if algorithm := form.Get("alg"); algorithm != "" {
		g.algorithm = jose.SignatureAlgorithm(algorithm)
	}
	if !slices.Contains(algorithms, g.algorithm) {
		refuse(w, http.StatusBadRequest, "invalid_request", fmt.Sprintf("alg has to be one of %v", algorithms))
		return g, false
	}
	if text := form.Get("lifetime"); text != "" {
		lifetime, err := time.ParseDuration(text)
		if err != nil || lifetime < time.Second || lifetime > longestLifetime {
			refuse(w, http.StatusBadRequest, "invalid_request", "lifetime has to be from 1s to 1h")
			return g, false
		}
		g.lifetime = lifetime
	}
	return g, true
}

func (i *issuer) token(w http.ResponseWriter, r *http.Request, c client) {
	if g, ok := asked(w, r, c); ok {
		token, err := i.sign(g, i.claims(g))
		i.hand(w, g, token, err)
	}
}

func (i *issuer) oddToken(w http.ResponseWriter, r *http.Request, c client) {
	mint, known := odd[r.PostForm.Get("kind")]
	if !known {
		refuse(w, http.StatusBadRequest, "invalid_request", "kind has to be one of "+strings.Join(kinds(), " "))
		return
	}
	if g, ok := asked(w, r, c); ok {
		token, err := mint(i, g)
		i.hand(w, g, token, err)
	}
}

func (i *issuer) hand(w http.ResponseWriter, g grant, token string, err error) {
	if err != nil {
		log.Printf("no token: %v", err)
		refuse(w, http.StatusInternalServerError, "server_error", err.Error())
		return
	}
	answer(w, http.StatusOK, map[string]any{
		"access_token": token,
		"token_type":   "Bearer",
		"expires_in":   int(g.lifetime.Seconds()),
		"scope":        strings.Join(g.scopes, " "),
	})
}

func (i *issuer) rotate(w http.ResponseWriter, r *http.Request, c client) {
	keep := r.PostForm.Get("keep") == "true"
	if err := i.keys.rotate(keep); err != nil {
		log.Printf("no new keys: %v", err)
		refuse(w, http.StatusInternalServerError, "server_error", err.Error())
		return
	}
	log.Printf("new keys, at the request of %s; those before are still published: %t", c.ID, keep)
	answer(w, http.StatusOK, i.keys.published())
}

// claims are named as in Maskinporten's tokens.
func (i *issuer) claims(g grant) map[string]any {
	now := i.now()
	return map[string]any{
		"iss":       i.name,
		"aud":       g.client.Audience,
		"sub":       g.client.ID,
		"client_id": g.client.ID,
		"scope":     strings.Join(g.scopes, " "),
		"consumer":  map[string]any{"authority": "iso6523-actorid-upis", "ID": g.client.Consumer},
		"iat":       now.Unix(),
		"exp":       now.Add(g.lifetime).Unix(),
		"jti":       rand.Text(),
	}
}

func (i *issuer) sign(g grant, claims map[string]any) (string, error) {
	key, ok := i.keys.signing(g.algorithm)
	if !ok {
		return "", fmt.Errorf("no key for %s", g.algorithm)
	}
	return signed(g.algorithm, key, withType(tokenType), claims)
}

func withType(name jose.ContentType) *jose.SignerOptions {
	return (&jose.SignerOptions{}).WithType(name)
}

func signed(algorithm jose.SignatureAlgorithm, key any, options *jose.SignerOptions, claims map[string]any) (string, error) {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, options)
	if err != nil {
		return "", err
	}
	return jwt.Signed(signer).Claims(claims).Serialize()
}

func answer(w http.ResponseWriter, status int, content any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(content); err != nil {
		log.Printf("an answer was not read: %v", err)
	}
}

// refuse answers as RFC 6749 (5.2) has it.
func refuse(w http.ResponseWriter, status int, code, description string) {
	answer(w, status, map[string]string{"error": code, "error_description": description})
}
