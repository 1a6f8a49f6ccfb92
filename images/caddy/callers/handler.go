package callers

import (
	"context"
	"crypto/x509"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"go.uber.org/zap"
)

func init() {
	caddy.RegisterModule(Handler{})
}

// Handler lets the callers of a route in. A caller needs one of its ways.
type Handler struct {
	Tokens       []TokenRule       `json:"tokens,omitempty"`
	APIKeys      []string          `json:"api_keys,omitempty"`
	Basic        []string          `json:"basic,omitempty"`
	Certificates []CertificateRule `json:"certificates,omitempty"`

	// Whether a request without a credential goes on as nobody's. One that is sent has to be right.
	Public bool `json:"public,omitempty"`

	app     *App
	issuers []*Issuer
	log     *zap.Logger
}

// TokenRule is for tokens of one issuer.
type TokenRule struct {
	Issuer string `json:"issuer,omitempty"`

	// The audience that the token has to have. Default: any of the issuer's.
	Audience string `json:"audience,omitempty"`

	// The token needs all of these.
	Scopes []string `json:"scopes,omitempty"`

	// The token needs all of these.
	Claims []ClaimRule `json:"claims,omitempty"`

	issuer *Issuer
}

// ClaimRule is met by a claim that is the value, or an array with it.
type ClaimRule struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// CertificateRule is for client certificates of one authority.
type CertificateRule struct {
	Authority string `json:"authority,omitempty"`

	// The certificate needs one of these names: its whole subject, or an alternative name.
	Subjects []string `json:"subjects,omitempty"`

	authority *authority
	names     []certificateName
}

// CaddyModule returns the Caddy module information.
func (Handler) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "http.handlers.caller", New: func() caddy.Module { return new(Handler) }}
}

// Provision finds what the rules name in the app.
func (h *Handler) Provision(ctx caddy.Context) error {
	app, err := ctx.App(appName)
	if err != nil {
		return err
	}
	return h.provision(app.(*App), ctx.Logger())
}

func (h *Handler) provision(app *App, log *zap.Logger) error {
	h.app, h.log = app, log
	if len(h.Tokens)+len(h.APIKeys)+len(h.Basic)+len(h.Certificates) == 0 {
		if h.Public {
			return fmt.Errorf("caller: public alone asks nobody; name another way in, or leave the directive out")
		}
		return fmt.Errorf("caller: no way in; name a token, api_key, basic or certificate, or leave the directive out")
	}
	for at := range h.Tokens {
		rule := &h.Tokens[at]
		if rule.issuer = app.Issuers[rule.Issuer]; rule.issuer == nil {
			return fmt.Errorf("caller: token %s: there is no such issuer in the global option callers", rule.Issuer)
		}
		if rule.Audience != "" && !slices.Contains(rule.issuer.Audiences, rule.Audience) {
			return fmt.Errorf("caller: token %s: the audience %s is none of the issuer's; add it there", rule.Issuer, rule.Audience)
		}
		for _, scope := range rule.Scopes {
			if !isQuotable(scope) || scope == "" {
				return fmt.Errorf("caller: token %s: scope %q: it has to be visible ASCII without quotes", rule.Issuer, scope)
			}
		}
		for _, claim := range rule.Claims {
			rule.issuer.ask(claim.Name)
		}
		if !slices.Contains(h.issuers, rule.issuer) {
			h.issuers = append(h.issuers, rule.issuer)
		}
	}
	for _, name := range slices.Concat(h.APIKeys, h.Basic) {
		if !app.apiKeys.names[name] {
			return fmt.Errorf("caller: there is no API key %s in the keys of the global option callers", name)
		}
	}
	for at := range h.Certificates {
		rule := &h.Certificates[at]
		if rule.authority = app.authorities[rule.Authority]; rule.authority == nil {
			return fmt.Errorf("caller: certificate %s: there is no such authority in the global option callers", rule.Authority)
		}
		if len(rule.Subjects) == 0 {
			return fmt.Errorf("caller: certificate %s: no subject: whoever has a certificate of it would be let in; name the subjects", rule.Authority)
		}
		for _, subject := range rule.Subjects {
			name, err := parseCertificateName(subject)
			if err != nil {
				return fmt.Errorf("caller: certificate %s: %w", rule.Authority, err)
			}
			rule.names = append(rule.names, name)
		}
	}
	return nil
}

// ServeHTTP lets the request go on, or refuses it.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request, next caddyhttp.Handler) error {
	forget(r)
	caller, way, refused := h.identify(r, time.Now())
	if refused != nil {
		h.refuse(w, refused)
		return nil
	}
	if way == publicWay {
		return next.ServeHTTP(w, r)
	}
	caller.tell(r)
	if h.app.limiter == nil {
		return next.ServeHTTP(w, r)
	}
	pass, refused := h.app.limiter.admit(caller, r)
	if refused != nil {
		h.refuse(w, refused.about(way))
		return nil
	}
	defer pass.leave()
	err := next.ServeHTTP(w, r)
	if refused := pass.refused(); err != nil && refused != nil {
		h.refuse(w, refused.about(way))
		return nil
	}
	return err
}

func (h *Handler) refuse(w http.ResponseWriter, refused *refusal) {
	h.app.refused.WithLabelValues(string(refused.way), refused.reason).Inc()
	if entry := h.log.Check(zap.InfoLevel, "a caller is refused"); entry != nil {
		entry.Write(zap.Int("status", refused.status), zap.String("way", string(refused.way)),
			zap.String("reason", refused.reason), zap.String("issuer", refused.issuer))
	}
	h.answer(w, refused)
}

func (h *Handler) identify(r *http.Request, now time.Time) (identity, way, *refusal) {
	sent, refused := readCredentials(r)
	if refused != nil {
		return identity{}, noWay, refused
	}
	var caller identity
	switch {
	case sent.way == tokenWay:
		caller, refused = h.byToken(r.Context(), sent.key, now)
	case sent.way == apiKeyWay:
		caller, refused = h.byKey(sent, h.APIKeys)
	case sent.way == basicWay:
		caller, refused = h.byKey(sent, h.Basic)
	case sent.sent:
		refused = unauthorized(noWay, "scheme", "the Authorization header has a scheme that is not accepted")
	case len(h.Certificates) > 0 && r.TLS != nil && len(r.TLS.PeerCertificates) > 0:
		sent.way = certificateWay
		caller, refused = h.byCertificate(r.TLS.PeerCertificates, now)
	case h.Public:
		sent.way = publicWay
	default:
		refused = unauthorized(noWay, "none", "this path needs to know who is calling")
	}
	return caller, sent.way, refused
}

func (h *Handler) byToken(ctx context.Context, token string, now time.Time) (identity, *refusal) {
	if len(h.Tokens) == 0 {
		return identity{}, unauthorized(tokenWay, "way", "this path takes no tokens")
	}
	found, refused := h.app.verify(ctx, token, h.issuers, now)
	if refused != nil {
		return identity{}, refused
	}
	for _, rule := range h.Tokens {
		if rule.issuer != found.issuer {
			continue
		}
		missing := rule.check(found)
		if missing == nil {
			return found.caller, nil
		}
		// What the caller can do most about: another scope rather than another audience.
		if refused == nil || missing.status == http.StatusForbidden && refused.status != http.StatusForbidden {
			refused = missing
		}
	}
	return identity{}, refused
}

// What the token lacks for this rule.
func (t TokenRule) check(token *verified) *refusal {
	var missing *refusal
	switch {
	case t.Audience != "" && !slices.Contains(token.audiences, t.Audience):
		missing = invalidToken("audience", "the token is for another audience")
	case !containsAll(token.scopes, t.Scopes):
		missing = insufficientScope("scope", "the token lacks a scope", t.Scopes)
	case slices.ContainsFunc(t.Claims, func(c ClaimRule) bool { return !slices.Contains(token.claims[c.Name], c.Value) }):
		missing = insufficientScope("claim", "the token lacks a claim", t.Scopes)
	default:
		return nil
	}
	missing.issuer = t.issuer.name
	return missing
}

// An API key, alone or as the password of the user with its name.
func (h *Handler) byKey(sent credentials, accepted []string) (identity, *refusal) {
	name, known := h.app.apiKeys.find(sent.key)
	if sent.way == basicWay && (!known || name != sent.user) {
		return identity{}, unauthorized(basicWay, "password", "the user or the password is wrong")
	}
	if !known {
		return identity{}, unauthorized(apiKeyWay, "key", "the API key is not known")
	}
	if !slices.Contains(accepted, name) {
		return identity{}, forbidden(sent.way, "route", "this path is not for this caller")
	}
	return identity{issuer: apiKeyIssuer, subject: headerText(name)}, nil
}

func (h *Handler) byCertificate(chain []*x509.Certificate, now time.Time) (identity, *refusal) {
	refused := unauthorized(certificateWay, "authority", "the client certificate is not accepted")
	known := false
	for _, rule := range h.Certificates {
		err := rule.authority.verify(chain, now)
		if err != nil {
			refused.issuer, refused.reason = rule.Authority, certificateReason(err)
			continue
		}
		known = true
		for _, name := range rule.names {
			if name.matches(chain[0]) {
				return identity{issuer: certificateIssuer + rule.Authority, subject: headerText(name.text)}, nil
			}
		}
	}
	for _, authority := range h.app.authorities {
		known = known || authority.verify(chain, now) == nil
	}
	if known {
		return identity{}, forbidden(certificateWay, "route", "this path is not for this caller")
	}
	return identity{}, refused
}

var (
	_ caddy.Provisioner           = (*Handler)(nil)
	_ caddyhttp.MiddlewareHandler = (*Handler)(nil)
)
