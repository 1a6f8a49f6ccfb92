package main

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// odd makes tokens that nobody should accept, each wrong in one way and right in all others.
var odd = map[string]func(*issuer, grant) (string, error){
	"expired":      claiming(func(c map[string]any, now time.Time) { c["exp"], c["iat"] = ago(now, 1), ago(now, 2) }),
	"not-yet":      claiming(func(c map[string]any, now time.Time) { c["nbf"], c["exp"] = ago(now, -1), ago(now, -2) }),
	"issued-later": claiming(func(c map[string]any, now time.Time) { c["iat"], c["exp"] = ago(now, -1), ago(now, -2) }),
	"no-end":       claiming(func(c map[string]any, _ time.Time) { delete(c, "exp") }),
	"no-audience":  claiming(func(c map[string]any, _ time.Time) { delete(c, "aud") }),
	"no-consumer":  claiming(func(c map[string]any, _ time.Time) { delete(c, "consumer") }),
	"audience":     claiming(func(c map[string]any, _ time.Time) { c["aud"] = []string{"https://other.example.no"} }),
	"issuer":       claiming(func(c map[string]any, _ time.Time) { c["iss"] = "https://issuer.example.no/" }),
	"huge":         claiming(func(c map[string]any, _ time.Time) { c["padding"] = strings.Repeat("x", 9<<10) }),
	"none":         unsigned,
	"hs256":        signedWithThePublicKey,
	"kid":          signedWithAnother(func(key, _ *jose.JSONWebKey) {}, false),
	"signature":    signedWithAnother(func(key, right *jose.JSONWebKey) { key.KeyID = right.KeyID }, false),
	"embedded-key": signedWithAnother(func(key, _ *jose.JSONWebKey) {}, true),
	"critical":     with(func() *jose.SignerOptions { return withType(tokenType).WithHeader("x-lab", 1).WithCritical("x-lab") }),
	"dpop":         with(func() *jose.SignerOptions { return withType("dpop+jwt") }),
	"encrypted":    encrypted,
}

// kinds are their names.
func kinds() []string { return slices.Sorted(maps.Keys(odd)) }

func ago(now time.Time, hours int) int64 { return now.Add(-time.Duration(hours) * time.Hour).Unix() }

// claiming makes tokens with other claims.
func claiming(change func(map[string]any, time.Time)) func(*issuer, grant) (string, error) {
	return func(i *issuer, g grant) (string, error) {
		claims := i.claims(g)
		change(claims, i.now())
		return i.sign(g, claims)
	}
}

// with makes tokens with another header.
func with(options func() *jose.SignerOptions) func(*issuer, grant) (string, error) {
	return func(i *issuer, g grant) (string, error) {
		key, ok := i.keys.signing(g.algorithm)
		if !ok {
			return "", errors.New("no key")
		}
		return signed(g.algorithm, key, options(), i.claims(g))
	}
}

// signedWithAnother key, which is not published: as change makes it look, with itself in the header if it is embedded.
func signedWithAnother(change func(key, right *jose.JSONWebKey), embed bool) func(*issuer, grant) (string, error) {
	return func(i *issuer, g grant) (string, error) {
		right, ok := i.keys.signing(g.algorithm)
		if !ok {
			return "", errors.New("no key")
		}
		key, err := newKey(g.algorithm)
		if err != nil {
			return "", err
		}
		change(&key, &right)
		options := withType(tokenType)
		options.EmbedJWK = embed
		return signed(g.algorithm, key, options, i.claims(g))
	}
}

// unsigned is by hand, as no library does it.
func unsigned(i *issuer, g grant) (string, error) {
	header, err := json.Marshal(map[string]string{"alg": "none", "typ": tokenType})
	if err != nil {
		return "", err
	}
	claims, err := json.Marshal(i.claims(g))
	if err != nil {
		return "", err
	}
	encoding := base64.RawURLEncoding
	return encoding.EncodeToString(header) + "." + encoding.EncodeToString(claims) + ".", nil
}

// signedWithThePublicKey takes what everybody knows, in the form that libraries read, for a shared secret.
func signedWithThePublicKey(i *issuer, g grant) (string, error) {
	key, ok := i.keys.signing(g.algorithm)
	if !ok {
		return "", errors.New("no key")
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public().Key)
	if err != nil {
		return "", err
	}
	secret := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})
	return signed(jose.HS256, secret, withType(tokenType).WithHeader("kid", key.KeyID), i.claims(g))
}

// encrypted is to the issuer's own key, as a JWE.
func encrypted(i *issuer, g grant) (string, error) {
	token, err := i.sign(g, i.claims(g))
	if err != nil {
		return "", err
	}
	key, ok := i.keys.signing(jose.RS256)
	if !ok {
		return "", errors.New("no key")
	}
	recipient := jose.Recipient{Algorithm: jose.RSA_OAEP_256, Key: key.Public().Key, KeyID: key.KeyID}
	encrypter, err := jose.NewEncrypter(jose.A128GCM, recipient, (&jose.EncrypterOptions{}).WithContentType("JWT"))
	if err != nil {
		return "", err
	}
	object, err := encrypter.Encrypt([]byte(token))
	if err != nil {
		return "", err
	}
	return object.CompactSerialize()
}
