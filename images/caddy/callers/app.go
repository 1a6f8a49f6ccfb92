package callers

import (
	"fmt"
	"slices"

	"github.com/caddyserver/caddy/v2"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/prometheus/client_golang/prometheus"
)

const (
	appName = "callers"

	// Verified tokens that are remembered.
	maxVerified = 10_000
)

// What outlives a config: fetched keys, and what callers have used of their limits.
var pool = caddy.NewUsagePool()

func init() {
	caddy.RegisterModule(App{})
}

// App is what all routes share: who issues tokens, the API keys, the authorities of client
// certificates, and the limit for each caller.
type App struct {
	// What the challenges of refused requests name.
	Realm string `json:"realm,omitempty"`

	// Who issues tokens, by name.
	Issuers map[string]*Issuer `json:"issuers,omitempty"`

	// A file with the digests of the API keys, by name: {"partner-a": ["<SHA-256 in hex>"]}.
	Keys string `json:"keys,omitempty"`

	// Files with the authorities of client certificates, by name.
	Authorities map[string]string `json:"authorities,omitempty"`

	// What each caller may send. Default: no limit.
	Limit *Limit `json:"limit,omitempty"`

	byIssuer    map[string]*Issuer // by the claim iss
	apiKeys     apiKeys
	authorities map[string]*authority
	verified    *lru.Cache[digest, *verified]
	limiter     *limiter
	refused     *prometheus.CounterVec
	pooled      []any
}

// CaddyModule returns the Caddy module information.
func (App) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: appName, New: func() caddy.Module { return new(App) }}
}

// Provision reads the files; it asks no issuer.
func (a *App) Provision(ctx caddy.Context) error {
	if a.Realm == "" {
		a.Realm = "nordfaas"
	}
	if !isQuotable(a.Realm) {
		return fmt.Errorf("callers: realm %q: it has to be visible ASCII without quotes", a.Realm)
	}
	var err error
	if a.verified, err = lru.New[digest, *verified](maxVerified); err != nil {
		return err
	}
	if err := a.provisionIssuers(); err != nil {
		return err
	}
	if a.apiKeys, err = readAPIKeys(a.Keys); err != nil {
		return fmt.Errorf("callers: keys: %w", err)
	}
	a.authorities = map[string]*authority{}
	for name, path := range a.Authorities {
		if a.authorities[name], err = readAuthority(name, path); err != nil {
			return fmt.Errorf("callers: authority %s: %w", name, err)
		}
	}
	if err := a.provisionLimit(); err != nil {
		return fmt.Errorf("callers: limit: %w", err)
	}
	a.refused = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "nordfaas_callers_refused_total",
		Help: "Requests that were refused because of who is calling, by the way in that they tried, and the reason.",
	}, []string{"way", "reason"})
	return ctx.GetMetricsRegistry().Register(a.refused)
}

func (a *App) provisionIssuers() error {
	a.byIssuer = map[string]*Issuer{}
	for _, name := range sortedKeys(a.Issuers) {
		issuer := a.Issuers[name]
		if err := issuer.provision(name); err != nil {
			return fmt.Errorf("callers: issuer %s: %w", name, err)
		}
		if other := a.byIssuer[issuer.Iss]; other != nil {
			return fmt.Errorf("callers: issuer %s: iss %s is that of %s; one issuer has one name, "+
				"since callers are known by iss and subject", name, issuer.Iss, other.name)
		}
		a.byIssuer[issuer.Iss] = issuer
		if issuer.pinned() {
			continue
		}
		key, create := issuer.keyring()
		ring, _, err := pool.LoadOrNew(key, create)
		if err != nil {
			return fmt.Errorf("callers: issuer %s: %w", name, err)
		}
		a.pooled = append(a.pooled, key)
		issuer.keys = ring.(*keyring)
	}
	return nil
}

func (a *App) provisionLimit() error {
	if a.Limit == nil {
		return nil
	}
	if err := a.Limit.check(); err != nil {
		return err
	}
	shared, _, err := pool.LoadOrNew(*a.Limit, func() (caddy.Destructor, error) { return newLimiter(*a.Limit), nil })
	if err != nil {
		return err
	}
	a.pooled = append(a.pooled, *a.Limit)
	a.limiter = shared.(*limiter)
	return nil
}

// Start begins to fetch keys.
func (a *App) Start() error {
	for _, issuer := range a.Issuers {
		if ring, ok := issuer.keys.(*keyring); ok {
			ring.start()
		}
	}
	return nil
}

// Stop has nothing to do: a next config may use the same keys.
func (a *App) Stop() error { return nil }

// Cleanup forgets what no other config uses.
func (a *App) Cleanup() error {
	for _, key := range a.pooled {
		if _, err := pool.Delete(key); err != nil {
			return err
		}
	}
	a.pooled = nil
	return nil
}

func sortedKeys[V any](of map[string]V) []string {
	keys := make([]string, 0, len(of))
	for key := range of {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

var (
	_ caddy.App          = (*App)(nil)
	_ caddy.Provisioner  = (*App)(nil)
	_ caddy.CleanerUpper = (*App)(nil)
)
