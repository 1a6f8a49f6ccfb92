package callers

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/go-jose/go-jose/v4"
)

const (
	defaultLeeway  = 30 * time.Second
	maxLeeway      = 5 * time.Minute
	defaultSubject = "sub"
)

// Issuer is who issues tokens, and which of them are accepted.
type Issuer struct {
	// The claim iss, exactly.
	Iss string `json:"iss,omitempty"`

	// URL of its metadata (RFC 8414, OpenID Connect Discovery), which name its keys. Exactly one of
	// discovery, jwks and keys.
	Discovery string `json:"discovery,omitempty"`

	// URL of its keys.
	JWKS string `json:"jwks,omitempty"`

	// A file with its keys.
	Keys string `json:"keys,omitempty"`

	// A file with the authorities of its host's certificate. Default: those of the system.
	Roots string `json:"roots,omitempty"`

	// A token has to be for one of these.
	Audiences []string `json:"audiences,omitempty"`

	// Default: RS256 and ES256.
	Algorithms []jose.SignatureAlgorithm `json:"algorithms,omitempty"`

	// How far its clock may be off. Default: 30s.
	Leeway *caddy.Duration `json:"leeway,omitempty"`

	// The claim that names the caller. Default: sub.
	Subject string `json:"subject,omitempty"`

	// Claims that the upstream gets.
	Pass []string `json:"pass,omitempty"`

	name   string
	leeway time.Duration
	roots  *x509.CertPool
	digest string // of the roots
	asked  []string
	keys   keySource
}

// Where the keys of an issuer come from.
type keySource interface {
	// Those that are known now; nil if none ever were.
	current() *keySet

	// Those that may be there once one is missing: asks the issuer, unless it has just been asked.
	renewed(ctx context.Context, is func(*keySet) bool) *keySet

	// When it makes sense to try again, if there are none.
	retryAfter() time.Duration
}

func (i *Issuer) pinned() bool { return i.Keys != "" }

func (i *Issuer) provision(name string) error {
	i.name = name
	if i.Iss == "" || !isHeaderText(i.Iss) {
		return fmt.Errorf("iss %q: it has to be 1 to %d characters of visible ASCII", i.Iss, maxIdentity)
	}
	if i.Iss == apiKeyIssuer || strings.HasPrefix(i.Iss, certificateIssuer) {
		return fmt.Errorf("iss %s: callers with keys and certificates are named like this", i.Iss)
	}
	if len(i.Audiences) == 0 {
		return errors.New("no audience: tokens for others would be accepted; add the audience that its tokens have for this site")
	}
	if len(i.Algorithms) == 0 {
		i.Algorithms = []jose.SignatureAlgorithm{jose.RS256, jose.ES256}
	}
	for _, algorithm := range i.Algorithms {
		if fits[algorithm] == nil {
			return fmt.Errorf("algorithm %s: only signatures with a public key are accepted: %s", algorithm, strings.Join(algorithmNames(), ", "))
		}
	}
	i.leeway = defaultLeeway
	if i.Leeway != nil {
		i.leeway = time.Duration(*i.Leeway)
	}
	if i.leeway < 0 || i.leeway > maxLeeway {
		return fmt.Errorf("leeway %s: it has to be 0s to %s", i.leeway, maxLeeway)
	}
	if i.Subject == "" {
		i.Subject = defaultSubject
	}
	return i.provisionKeys()
}

func (i *Issuer) provisionKeys() error {
	given := 0
	for _, value := range []string{i.Discovery, i.JWKS, i.Keys} {
		if value != "" {
			given++
		}
	}
	if given != 1 {
		return fmt.Errorf("%d of discovery, jwks and keys; exactly one says where its keys are", given)
	}
	if i.pinned() {
		if i.Roots != "" {
			return errors.New("roots, but its keys are in a file; remove one of the two")
		}
		text, err := os.ReadFile(i.Keys)
		if err != nil {
			return fmt.Errorf("keys: %w", err)
		}
		set, refused, err := parseKeySet(text)
		if err == nil {
			err = errors.Join(refused...)
		}
		if err == nil && len(set.keys) == 0 {
			err = errors.New("no key")
		}
		if err != nil {
			return fmt.Errorf("keys: %s: %w", i.Keys, err)
		}
		i.keys = pinnedKeys{set}
		return nil
	}
	if i.Discovery != "" && !isHTTPS(i.Discovery) {
		return errors.New("discovery has to be an https URL without a user")
	}
	if i.JWKS != "" && !isHTTPS(i.JWKS) {
		return errors.New("jwks has to be an https URL without a user")
	}
	if i.Roots == "" {
		return nil
	}
	text, err := os.ReadFile(i.Roots)
	if err != nil {
		return fmt.Errorf("roots: %w", err)
	}
	i.roots = x509.NewCertPool()
	if !i.roots.AppendCertsFromPEM(text) {
		return fmt.Errorf("roots: no certificate in %s", i.Roots)
	}
	sum := sha256.Sum256(text)
	i.digest = hex.EncodeToString(sum[:])
	return nil
}

// What makes it the same keyring in another config.
type keyringID struct{ name, iss, discovery, jwks, roots string }

func (i *Issuer) keyring() (keyringID, caddy.Constructor) {
	id := keyringID{i.name, i.Iss, i.Discovery, i.JWKS, i.digest}
	return id, func() (caddy.Destructor, error) { return newKeyring(id, i.roots), nil }
}

// Remembers that a route looks at this claim.
func (i *Issuer) ask(claim string) {
	if !slices.Contains(i.asked, claim) {
		i.asked = append(i.asked, claim)
	}
}

func isHTTPS(text string) bool {
	parsed, err := url.Parse(text)
	return err == nil && parsed.Scheme == "https" && parsed.Hostname() != "" && parsed.User == nil
}

// Keys from a file.
type pinnedKeys struct{ set *keySet }

func (p pinnedKeys) current() *keySet                                    { return p.set }
func (p pinnedKeys) renewed(context.Context, func(*keySet) bool) *keySet { return p.set }
func (p pinnedKeys) retryAfter() time.Duration                           { return 0 }
