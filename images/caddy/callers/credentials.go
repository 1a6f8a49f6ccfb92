package callers

import (
	"net/http"
	"strings"
)

// What a request presents in its headers. Only one thing: what a second one is for would be a guess,
// and another server on the way may guess differently.
type credentials struct {
	way  way // noWay: nothing, or of a scheme that is not known here
	sent bool
	user string
	key  string // or token
}

func readCredentials(r *http.Request) (credentials, *refusal) {
	authorization, keys := r.Header.Values("Authorization"), r.Header.Values(apiKeyHeader)
	if len(authorization)+len(keys) > 1 {
		return credentials{}, several()
	}
	if len(keys) == 1 {
		if strings.Contains(keys[0], ",") {
			return credentials{}, several()
		}
		return credentials{way: apiKeyWay, sent: true, key: keys[0]}, nil
	}
	if len(authorization) == 0 {
		return credentials{way: noWay}, nil
	}
	scheme, value, _ := strings.Cut(authorization[0], " ")
	value = strings.TrimLeft(value, " ")
	switch strings.ToLower(scheme) {
	case "bearer":
		if strings.Contains(value, ",") {
			return credentials{}, several()
		}
		return credentials{way: tokenWay, sent: true, key: value}, nil
	case "basic":
		if strings.Contains(value, ",") {
			return credentials{}, several()
		}
		user, password, _ := r.BasicAuth()
		return credentials{way: basicWay, sent: true, user: user, key: password}, nil
	}
	return credentials{way: noWay, sent: true}, nil
}

func several() *refusal {
	return invalidRequest(noWay, "several", "only one Authorization or X-Api-Key header is accepted, with one credential")
}
