package main

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
)

// client is who may have tokens.
type client struct {
	ID       string   `json:"id"`
	Secret   string   `json:"secret"`
	Audience string   `json:"audience"`
	Scopes   []string `json:"scopes"`
	// The organization that it acts for, as Maskinporten names it: 0192:991825827.
	Consumer string `json:"consumer"`
}

type clientList map[string]client

func readClients(file string) (clientList, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var listed []client
	if err := json.Unmarshal(content, &listed); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	clients := clientList{}
	for _, c := range listed {
		if c.ID == "" || len(c.Secret) < 16 || c.Audience == "" {
			return nil, fmt.Errorf("%s: client %q lacks an id, a secret of 16 characters or an audience", file, c.ID)
		}
		if _, twice := clients[c.ID]; twice {
			return nil, fmt.Errorf("%s: client %q is there twice", file, c.ID)
		}
		clients[c.ID] = c
	}
	return clients, nil
}

// authenticate takes HTTP Basic, in which both parts are encoded as in a form (RFC 6749, 2.3.1).
func (clients clientList) authenticate(r *http.Request) (client, bool) {
	user, password, ok := r.BasicAuth()
	if !ok {
		return client{}, false
	}
	id, err := url.QueryUnescape(user)
	if err != nil {
		return client{}, false
	}
	secret, err := url.QueryUnescape(password)
	if err != nil {
		return client{}, false
	}
	c, known := clients[id]
	given, right := sha256.Sum256([]byte(secret)), sha256.Sum256([]byte(c.Secret))
	return c, subtle.ConstantTimeCompare(given[:], right[:]) == 1 && known
}

// allows says whether the client may have each of the scopes.
func (c client) allows(scopes []string) bool {
	return !slices.ContainsFunc(scopes, func(scope string) bool { return !slices.Contains(c.Scopes, scope) })
}
