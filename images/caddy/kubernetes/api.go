package kubernetes

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"
)

const (
	// A new pod is refused for up to two seconds, until the network policies know it; a server that
	// elects its leader answers with 500 for some more.
	patience   = 10 * time.Second
	pause      = 500 * time.Millisecond
	oneRequest = 5 * time.Second

	// While the API has not answered, calls that have something to fall back on try once.
	memory = 30 * time.Second
)

// The part of the Kubernetes API that is used here.
type api struct {
	url         string // without a slash at its end
	namespace   string
	credentials string // folder of a service account: token, and ca.crt
	http        *http.Client
	patience    time.Duration
	away        atomic.Int64 // when it did not answer, in Unix nanoseconds
}

// An answer of the API that is not a success.
type statusError struct {
	code    int
	message string
}

func (e *statusError) Error() string {
	return fmt.Sprintf("the Kubernetes API answers %d: %s", e.code, e.message)
}

func isStatus(err error, code int) bool {
	var status *statusError
	return errors.As(err, &status) && status.code == code
}

// Whether it is the API that is away, rather than the request that is wrong.
func isAway(err error) bool {
	var status *statusError
	if errors.As(err, &status) {
		return status.code >= 500 || status.code == http.StatusTooManyRequests
	}
	return err != nil && !errors.Is(err, context.Canceled)
}

func newAPI(url, namespace, credentials string) (*api, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = nil
	if strings.HasPrefix(url, "https:") {
		pem, err := os.ReadFile(filepath.Join(credentials, "ca.crt"))
		if err != nil {
			return nil, fmt.Errorf("the authority of the Kubernetes API: %w", err)
		}
		roots := x509.NewCertPool()
		if !roots.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("no certificate in %s", filepath.Join(credentials, "ca.crt"))
		}
		transport.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	}
	return &api{
		url:         strings.TrimSuffix(url, "/"),
		namespace:   namespace,
		credentials: credentials,
		http:        &http.Client{Transport: transport},
		patience:    patience,
	}, nil
}

func (a *api) secrets() string { return "/api/v1/namespaces/" + a.namespace + "/secrets" }

func (a *api) leases() string {
	return "/apis/coordination.k8s.io/v1/namespaces/" + a.namespace + "/leases"
}

func (a *api) get(ctx context.Context, path string, into any) error {
	return a.call(ctx, http.MethodGet, path, nil, into)
}

// Tries again while the API is away. A request that was answered by nobody may have been carried
// out: callers have to expect that.
func (a *api) call(ctx context.Context, method, path string, body, into any) error {
	end := time.Now().Add(a.patience)
	for {
		err := a.once(ctx, method, path, body, into)
		if !isAway(err) {
			a.away.Store(0)
			return err
		}
		a.away.Store(time.Now().UnixNano())
		if time.Now().Add(pause).After(end) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

// Whether it did not answer a moment ago.
func (a *api) wasAway() bool {
	return time.Since(time.Unix(0, a.away.Load())) < memory
}

func (a *api) once(ctx context.Context, method, path string, body, into any) error {
	ctx, cancel := context.WithTimeout(ctx, oneRequest)
	defer cancel()
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return err
		}
		content = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(ctx, method, a.url+path, content)
	if err != nil {
		return err
	}
	// The kubelet replaces it every hour.
	token, err := os.ReadFile(filepath.Join(a.credentials, "token"))
	if err != nil {
		return fmt.Errorf("the token of the service account: %w", err)
	}
	request.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(token)))
	request.Header.Set("Accept", "application/json")
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := a.http.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, 64<<20))
	if err != nil {
		return err
	}
	if response.StatusCode >= 300 {
		var status struct{ Message string }
		if json.Unmarshal(text, &status) != nil || status.Message == "" {
			status.Message = http.StatusText(response.StatusCode)
		}
		return &statusError{response.StatusCode, status.Message}
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(text, into)
}

type metadata struct {
	Name            string            `json:"name,omitempty"`
	UID             string            `json:"uid,omitempty"`
	ResourceVersion string            `json:"resourceVersion,omitempty"`
	Labels          map[string]string `json:"labels,omitempty"`
	Annotations     map[string]string `json:"annotations,omitempty"`
}

type secret struct {
	APIVersion string            `json:"apiVersion,omitempty"`
	Kind       string            `json:"kind,omitempty"`
	Metadata   metadata          `json:"metadata"`
	Type       string            `json:"type,omitempty"`
	Data       map[string][]byte `json:"data,omitempty"`
}

type secretList struct {
	Items []secret `json:"items"`
}

type lease struct {
	APIVersion string    `json:"apiVersion,omitempty"`
	Kind       string    `json:"kind,omitempty"`
	Metadata   metadata  `json:"metadata"`
	Spec       leaseSpec `json:"spec"`
}

type leaseSpec struct {
	HolderIdentity       string `json:"holderIdentity,omitempty"`
	LeaseDurationSeconds int    `json:"leaseDurationSeconds,omitempty"`
	AcquireTime          string `json:"acquireTime,omitempty"`
	RenewTime            string `json:"renewTime,omitempty"`
}

type deleteOptions struct {
	APIVersion    string         `json:"apiVersion"`
	Kind          string         `json:"kind"`
	Preconditions *preconditions `json:"preconditions,omitempty"`
}

type preconditions struct {
	UID             string `json:"uid,omitempty"`
	ResourceVersion string `json:"resourceVersion,omitempty"`
}

// The time as a MicroTime of Kubernetes.
func microTime(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000000Z07:00") }
