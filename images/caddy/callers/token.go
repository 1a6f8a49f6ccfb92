package callers

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/json"
)

const (
	maxToken  = 8 << 10
	maxClaims = 4 << 10
)

// Tokens that say that they are for something else than access. They may have the same issuer and
// audience.
var otherTypes = []string{
	"client-authentication+jwt",
	"dpop+jwt",
	"entity-statement+jwt",
	"id_token+jwt",
	"jwk-set+jwt",
	"kb+jwt",
	"logout+jwt",
	"oauth-authz-req+jwt",
	"oauth-client-attestation+jwt",
	"oauth-client-attestation-pop+jwt",
	"openid4vci-proof+jwt",
	"secevent+jwt",
	"statuslist+jwt",
	"token-introspection+jwt",
}

// What is remembered of a token that was verified.
type verified struct {
	issuer    *Issuer
	keys      *keySet // one of these has signed it
	expires   time.Time
	audiences []string
	scopes    []string
	claims    map[string][]string // those that routes look at
	caller    identity
}

// Verifies a token of one of the issuers.
func (a *App) verify(ctx context.Context, token string, issuers []*Issuer, now time.Time) (*verified, *refusal) {
	if len(token) > maxToken {
		return nil, invalidToken("length", "the token is longer than 8192 bytes")
	}
	sum := digest(sha256.Sum256([]byte(token)))
	known, ok := a.verified.Get(sum)
	if ok && slices.Contains(issuers, known.issuer) && known.keys == known.issuer.keys.current() && now.Before(known.expires) {
		return known, nil
	}
	iss, refused := issuerOf(token)
	if refused != nil {
		return nil, refused
	}
	issuer := a.byIssuer[iss]
	if issuer == nil || !slices.Contains(issuers, issuer) {
		return nil, invalidToken("issuer", "the token is of another issuer")
	}
	found, refused := issuer.verify(ctx, token, now)
	if refused != nil {
		refused.issuer = issuer.name
		return nil, refused
	}
	a.verified.Add(sum, found)
	return found, nil
}

// Whose keys are to verify a token; nothing else is taken from it before they have.
func issuerOf(token string) (string, *refusal) {
	parts := strings.Split(token, ".")
	if len(parts) == 5 {
		return "", invalidToken("encrypted", "the token is encrypted")
	}
	if len(parts) != 3 {
		return "", malformedToken()
	}
	payload, err := base64.RawURLEncoding.Strict().DecodeString(parts[1])
	if err != nil {
		return "", malformedToken()
	}
	var claims struct {
		Iss string `json:"iss"`
	}
	if err := json.Unmarshal(payload, &claims); err != nil {
		return "", malformedToken()
	}
	return claims.Iss, nil
}

func (i *Issuer) verify(ctx context.Context, token string, now time.Time) (*verified, *refusal) {
	parsed, err := jose.ParseSignedCompact(token, i.Algorithms)
	var unexpected *jose.ErrUnexpectedSignatureAlgorithm
	if errors.As(err, &unexpected) {
		return nil, invalidToken("algorithm", "the token's algorithm is not accepted")
	}
	if err != nil {
		return nil, malformedToken()
	}
	header := parsed.Signatures[0].Protected
	if refused := checkHeader(header); refused != nil {
		return nil, refused
	}
	keys, set, refused := i.keysFor(ctx, header)
	if refused != nil {
		return nil, refused
	}
	for _, key := range keys {
		if payload, err := parsed.Verify(key); err == nil {
			return i.read(payload, set, now)
		}
	}
	return nil, invalidToken("signature", "the token's signature is wrong")
}

func checkHeader(header jose.Header) *refusal {
	for _, name := range []jose.HeaderKey{"crit", "b64"} {
		if _, there := header.ExtraHeaders[name]; there {
			return invalidToken("critical", "the token has critical header parameters")
		}
	}
	is, _ := header.ExtraHeaders[jose.HeaderType].(string)
	if slices.Contains(otherTypes, strings.TrimPrefix(strings.ToLower(is), "application/")) {
		return invalidToken("type", "the token is not for access")
	}
	return nil
}

// The keys that may have signed it, and the set that they are in.
func (i *Issuer) keysFor(ctx context.Context, header jose.Header) ([]any, *keySet, *refusal) {
	algorithm := jose.SignatureAlgorithm(header.Algorithm)
	isThere := func(set *keySet) bool { return set.has(header.KeyID, algorithm) }
	set := i.keys.current()
	if set == nil || !isThere(set) {
		set = i.keys.renewed(ctx, isThere)
	}
	if set == nil {
		return nil, nil, noKeysYet(i.keys.retryAfter())
	}
	if !isThere(set) {
		return nil, nil, invalidToken("key", "the token's key is not known")
	}
	keys := set.find(header.KeyID, algorithm)
	if len(keys) == 0 && header.KeyID == "" {
		return nil, nil, invalidToken("key", "the token does not say which key has signed it")
	}
	if len(keys) == 0 {
		return nil, nil, invalidToken("algorithm", "the token's algorithm is not that of its key")
	}
	return keys, set, nil
}

// Reads what is signed.
func (i *Issuer) read(payload []byte, set *keySet, now time.Time) (*verified, *refusal) {
	claims, err := parseClaims(payload)
	if err != nil {
		return nil, malformedToken()
	}
	if iss, _ := claims["iss"].(string); iss != i.Iss {
		return nil, invalidToken("issuer", "the token is of another issuer")
	}
	expires, refused := i.checkTimes(claims, now)
	if refused != nil {
		return nil, refused
	}
	audiences, ok := claims.strings("aud")
	if !ok || !slices.ContainsFunc(audiences, func(it string) bool { return slices.Contains(i.Audiences, it) }) {
		return nil, invalidToken("audience", "the token is for another audience")
	}
	// RFC 7800: only who has the key may use it. Here nobody could prove that.
	if _, bound := claims["cnf"]; bound {
		return nil, invalidToken("bound", "the token is bound to a key, which cannot be proven here")
	}
	caller, refused := i.callerOf(claims)
	if refused != nil {
		return nil, refused
	}
	found := &verified{
		issuer:    i,
		keys:      set,
		expires:   expires,
		audiences: audiences,
		scopes:    claims.scopes(),
		claims:    map[string][]string{},
		caller:    caller,
	}
	for _, name := range i.asked {
		found.claims[name] = claims.values(name)
	}
	return found, nil
}

// Returns until when the token is valid, leeway included.
func (i *Issuer) checkTimes(claims claims, now time.Time) (time.Time, *refusal) {
	expires, ok := claims.time("exp")
	if !ok {
		return expires, invalidToken("expiry", "the token does not say when it expires")
	}
	expires = expires.Add(i.leeway)
	if !now.Before(expires) {
		return expires, invalidToken("expired", "the token has expired")
	}
	for _, name := range []string{"nbf", "iat"} {
		if _, there := claims[name]; !there {
			continue
		}
		from, ok := claims.time(name)
		if !ok {
			return expires, malformedToken()
		}
		if now.Before(from.Add(-i.leeway)) {
			return expires, invalidToken("early", "the token is not valid yet")
		}
	}
	return expires, nil
}

func (i *Issuer) callerOf(claims claims) (identity, *refusal) {
	value, _ := claims.find(i.Subject)
	subject, _ := value.(string)
	// What was no character in JSON has become this one: two callers could look the same.
	if subject == "" || strings.ContainsRune(subject, utf8.RuneError) {
		return identity{}, invalidToken("subject", "the token does not name its caller")
	}
	encoded := headerText(subject)
	if len(encoded) > maxIdentity {
		return identity{}, invalidToken("subject", "the name of the token's caller is too long")
	}
	passed, err := claims.passed(i.Pass)
	if err != nil || len(passed) > maxClaims {
		return identity{}, invalidToken("claims", "the token's claims are too long")
	}
	return identity{issuer: i.Iss, subject: encoded, claims: passed}, nil
}
