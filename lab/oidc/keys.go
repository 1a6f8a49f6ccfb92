package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"

	"github.com/go-jose/go-jose/v4"
)

// algorithms are those that it signs with; the first one unless a client asks for another.
var algorithms = []jose.SignatureAlgorithm{jose.RS256, jose.ES256}

// keyState is what outlives a restart.
type keyState struct {
	// One private key for each algorithm.
	Signing jose.JSONWebKeySet `json:"signing"`
	// Public keys from before the last rotation.
	Kept jose.JSONWebKeySet `json:"kept"`
}

// keySet is what it signs with, and what it publishes.
type keySet struct {
	file  string
	mutex sync.Mutex
	state keyState
}

// openKeys reads the keys, or makes the first ones. An empty file name keeps them in memory.
func openKeys(file string) (*keySet, error) {
	set := &keySet{file: file}
	if file != "" {
		content, err := os.ReadFile(file)
		if err == nil {
			if err := json.Unmarshal(content, &set.state); err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			return set, nil
		}
		if !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
	}
	return set, set.rotate(false)
}

// rotate makes new keys. Those before stay published with keep; otherwise what they signed can no longer be verified.
func (set *keySet) rotate(keep bool) error {
	var next keyState
	for _, algorithm := range algorithms {
		key, err := newKey(algorithm)
		if err != nil {
			return err
		}
		next.Signing.Keys = append(next.Signing.Keys, key)
	}
	set.mutex.Lock()
	defer set.mutex.Unlock()
	if keep {
		next.Kept = publicOf(set.state.Signing)
	}
	if err := set.write(next); err != nil {
		return err
	}
	set.state = next
	return nil
}

func (set *keySet) write(state keyState) error {
	if set.file == "" {
		return nil
	}
	content, err := json.Marshal(state)
	if err != nil {
		return err
	}
	if err := os.WriteFile(set.file+".new", content, 0o600); err != nil {
		return err
	}
	return os.Rename(set.file+".new", set.file)
}

// signing is the private key for an algorithm.
func (set *keySet) signing(algorithm jose.SignatureAlgorithm) (jose.JSONWebKey, bool) {
	set.mutex.Lock()
	defer set.mutex.Unlock()
	for _, key := range set.state.Signing.Keys {
		if key.Algorithm == string(algorithm) {
			return key, true
		}
	}
	return jose.JSONWebKey{}, false
}

// published are the public keys, the newest first.
func (set *keySet) published() jose.JSONWebKeySet {
	set.mutex.Lock()
	defer set.mutex.Unlock()
	public := publicOf(set.state.Signing)
	public.Keys = append(public.Keys, set.state.Kept.Keys...)
	return public
}

func publicOf(private jose.JSONWebKeySet) jose.JSONWebKeySet {
	public := jose.JSONWebKeySet{}
	for _, key := range private.Keys {
		public.Keys = append(public.Keys, key.Public())
	}
	return public
}

// newKey is one whose id is its thumbprint (RFC 7638).
func newKey(algorithm jose.SignatureAlgorithm) (jose.JSONWebKey, error) {
	var private any
	var err error
	switch algorithm {
	case jose.RS256:
		private, err = rsa.GenerateKey(rand.Reader, 2048)
	case jose.ES256:
		private, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	default:
		err = fmt.Errorf("no keys for %s", algorithm)
	}
	if err != nil {
		return jose.JSONWebKey{}, err
	}
	key := jose.JSONWebKey{Key: private, Algorithm: string(algorithm), Use: "sig"}
	thumbprint, err := key.Thumbprint(crypto.SHA256)
	if err != nil {
		return jose.JSONWebKey{}, err
	}
	key.KeyID = base64.RawURLEncoding.EncodeToString(thumbprint)
	return key, nil
}
