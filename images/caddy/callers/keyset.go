package callers

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/go-jose/go-jose/v4"
)

// NIST SP 800-131A: shorter ones are no longer accepted.
const minRSABits = 2048

// Which keys an algorithm is for. Those that are missing here are never accepted.
var fits = map[jose.SignatureAlgorithm]func(key any) bool{
	jose.RS256: isRSA, jose.RS384: isRSA, jose.RS512: isRSA,
	jose.PS256: isRSA, jose.PS384: isRSA, jose.PS512: isRSA,
	jose.ES256: isOn(elliptic.P256()), jose.ES384: isOn(elliptic.P384()), jose.ES512: isOn(elliptic.P521()),
	jose.EdDSA: func(key any) bool { _, ok := key.(ed25519.PublicKey); return ok },
}

func algorithmNames() []string {
	var names []string
	for name := range fits {
		names = append(names, string(name))
	}
	slices.Sort(names)
	return names
}

func isRSA(key any) bool {
	public, ok := key.(*rsa.PublicKey)
	return ok && public.N.BitLen() >= minRSABits
}

func isOn(curve elliptic.Curve) func(key any) bool {
	return func(key any) bool {
		public, ok := key.(*ecdsa.PublicKey)
		return ok && public.Curve == curve
	}
}

type publicKey struct {
	id        string
	algorithm string // empty: any that fits
	key       any
}

func (k publicKey) isFor(algorithm jose.SignatureAlgorithm) bool {
	return (k.algorithm == "" || k.algorithm == string(algorithm)) && fits[algorithm](k.key)
}

// The keys that an issuer has at one time.
type keySet struct {
	keys []publicKey
	sum  digest // of the text
}

type digest [sha256.Size]byte

// Whether there is a key with this ID; without an ID, any that is for the algorithm.
func (s *keySet) has(id string, algorithm jose.SignatureAlgorithm) bool {
	return slices.ContainsFunc(s.keys, func(k publicKey) bool {
		return id != "" && k.id == id || id == "" && k.isFor(algorithm)
	})
}

// The keys with this ID that are for the algorithm. A token without an ID is only accepted if there
// is no choice.
func (s *keySet) find(id string, algorithm jose.SignatureAlgorithm) []any {
	var found []any
	for _, key := range s.keys {
		if (id == "" || key.id == id) && key.isFor(algorithm) {
			found = append(found, key.key)
		}
	}
	if id == "" && len(found) > 1 {
		return nil
	}
	return found
}

// Reads a JWK set (RFC 7517), as far as its keys can verify signatures, and says why the others
// cannot. A set without such keys is a set: an issuer may take all its keys back.
func parseKeySet(text []byte) (*keySet, []error, error) {
	var raw struct {
		Keys *[]map[string]json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(text, &raw); err != nil {
		return nil, nil, fmt.Errorf("not a JWK set: %w", err)
	}
	if raw.Keys == nil {
		return nil, nil, errors.New(`not a JWK set: it has no "keys"`)
	}
	set := &keySet{sum: sha256.Sum256(text)}
	var refused []error
	for at, raw := range *raw.Keys {
		key, err := parseKey(raw)
		if err != nil {
			refused = append(refused, fmt.Errorf("key %d: %w", at+1, err))
			continue
		}
		set.keys = append(set.keys, key)
	}
	return set, refused, nil
}

func parseKey(raw map[string]json.RawMessage) (publicKey, error) {
	// Trust is in the set, not in certificates, and some of these do not parse.
	for _, name := range []string{"x5c", "x5u", "x5t", "x5t#S256"} {
		delete(raw, name)
	}
	text, err := json.Marshal(raw)
	if err != nil {
		return publicKey{}, err
	}
	var key jose.JSONWebKey
	if err := key.UnmarshalJSON(text); err != nil {
		return publicKey{}, errors.New("it cannot be read, or is of another type")
	}
	if _, symmetric := key.Key.([]byte); symmetric {
		return publicKey{}, errors.New("it is symmetric: who can verify could sign")
	}
	if !key.IsPublic() {
		return publicKey{}, errors.New("it is private: who can read it could sign")
	}
	if !key.Valid() || key.Use != "" && key.Use != "sig" {
		return publicKey{}, errors.New("it is not for signatures")
	}
	for algorithm := range fits {
		if known := (publicKey{key.KeyID, key.Algorithm, key.Key}); known.isFor(algorithm) {
			return known, nil
		}
	}
	return publicKey{}, errors.New("no accepted algorithm is for it")
}
