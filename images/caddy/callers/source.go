package callers

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

const (
	oneRequest   = 5 * time.Second
	maxKeysBytes = 256 << 10
)

// Where the keys of an issuer are.
type source struct {
	iss, discovery, jwks string
	http                 *http.Client
}

func newSource(id keyringID, roots *x509.CertPool) source {
	return source{id.iss, id.discovery, id.jwks, &http.Client{
		Timeout: oneRequest,
		Transport: &http.Transport{
			// Not through a proxy: the network policies name the issuer's own networks.
			TLSClientConfig:   &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
			ForceAttemptHTTP2: true,
			DisableKeepAlives: true, // the next fetch is minutes away

			MaxResponseHeaderBytes: 64 << 10,
		},
		CheckRedirect: func(request *http.Request, via []*http.Request) error {
			if len(via) > 3 || request.URL.Scheme != "https" || request.URL.Host != via[0].URL.Host {
				return errors.New("a redirect to another host, or too many of them")
			}
			return nil
		},
	}}
}

// The text of its JWK set.
func (s source) fetch(ctx context.Context) ([]byte, error) {
	jwks := s.jwks
	if jwks == "" {
		text, err := s.get(ctx, s.discovery)
		if err != nil {
			return nil, err
		}
		if jwks, err = s.keysOf(text); err != nil {
			return nil, fmt.Errorf("%s: %w", s.discovery, err)
		}
	}
	return s.get(ctx, jwks)
}

// The URL of the keys in the metadata. These have to be of the issuer (RFC 8414, section 3.3), and
// lead to no host but their own: the network policies let the edge connect to that one only, and it
// is the one whose country is known.
func (s source) keysOf(metadata []byte) (string, error) {
	var found struct {
		Issuer string `json:"issuer"`
		JWKS   string `json:"jwks_uri"`
	}
	if err := json.Unmarshal(metadata, &found); err != nil {
		return "", fmt.Errorf("not a metadata document: %w", err)
	}
	if found.Issuer != s.iss {
		return "", fmt.Errorf("the metadata is of %q, not of %q", found.Issuer, s.iss)
	}
	if !isHTTPS(found.JWKS) || hostOf(found.JWKS) != hostOf(s.discovery) {
		return "", fmt.Errorf("its jwks_uri %q is not at the same host; set jwks to that URL instead of discovery", found.JWKS)
	}
	return found.JWKS, nil
}

func hostOf(text string) string {
	parsed, err := url.Parse(text)
	if err != nil {
		return ""
	}
	return parsed.Host
}

func (s source) get(ctx context.Context, address string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/json")
	response, err := s.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s", address, response.Status)
	}
	text, err := io.ReadAll(io.LimitReader(response.Body, maxKeysBytes+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxKeysBytes {
		return nil, fmt.Errorf("%s has more than %d bytes", address, maxKeysBytes)
	}
	return text, nil
}
