package callers

import (
	"strconv"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/caddyconfig/httpcaddyfile"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"github.com/go-jose/go-jose/v4"
)

func init() {
	httpcaddyfile.RegisterGlobalOption("callers", parseApp)
	httpcaddyfile.RegisterHandlerDirective("caller", parseHandler)
	httpcaddyfile.RegisterDirectiveOrder("caller", httpcaddyfile.Before, "basic_auth")
}

func parseApp(d *caddyfile.Dispenser, _ any) (any, error) {
	app := new(App)
	if err := app.UnmarshalCaddyfile(d); err != nil {
		return nil, err
	}
	return httpcaddyfile.App{Name: appName, Value: caddyconfig.JSON(app, nil)}, nil
}

func parseHandler(h httpcaddyfile.Helper) (caddyhttp.MiddlewareHandler, error) {
	handler := new(Handler)
	return handler, handler.UnmarshalCaddyfile(h.Dispenser)
}

// UnmarshalCaddyfile reads the global option:
//
//	callers {
//		realm faas.oslo.example.no
//		issuer maskinporten {
//			iss https://maskinporten.no/
//			discovery https://maskinporten.no/.well-known/oauth-authorization-server
//			roots /etc/caddy/issuer-maskinporten.pem
//			audience https://orders.example.no
//			algorithm RS256 ES256
//			leeway 30s
//			subject consumer.ID
//			pass scope consumer
//		}
//		keys /etc/caddy/keys.json
//		authority partners /etc/caddy/authority-partners.pem
//		limit {
//			requests 1000
//			bytes 67108864
//			in_flight 50
//			window 10s
//		}
//	}
//
// In the place of discovery there can be jwks and a URL, or keys and a file.
func (a *App) UnmarshalCaddyfile(d *caddyfile.Dispenser) error {
	d.Next()
	if d.NextArg() {
		return d.ArgErr()
	}
	return options(d, 0, func(option string) error {
		switch option {
		case "realm":
			return one(d, &a.Realm)
		case "issuer":
			return a.parseIssuer(d)
		case "keys":
			return one(d, &a.Keys)
		case "authority":
			return a.parseAuthority(d)
		case "limit":
			return a.parseLimit(d)
		}
		return unrecognized(d, option)
	})
}

func (a *App) parseIssuer(d *caddyfile.Dispenser) error {
	var name string
	if err := one(d, &name); err != nil {
		return err
	}
	if a.Issuers == nil {
		a.Issuers = map[string]*Issuer{}
	}
	if a.Issuers[name] != nil {
		return d.Errf("issuer %s is there twice", name)
	}
	issuer := new(Issuer)
	a.Issuers[name] = issuer
	texts := map[string]*string{
		"iss": &issuer.Iss, "discovery": &issuer.Discovery, "jwks": &issuer.JWKS,
		"keys": &issuer.Keys, "roots": &issuer.Roots, "subject": &issuer.Subject,
	}
	return options(d, 1, func(option string) error {
		switch option {
		case "audience":
			return some(d, &issuer.Audiences)
		case "pass":
			return some(d, &issuer.Pass)
		case "algorithm":
			var names []string
			err := some(d, &names)
			for _, name := range names {
				issuer.Algorithms = append(issuer.Algorithms, jose.SignatureAlgorithm(name))
			}
			return err
		case "leeway":
			issuer.Leeway = new(caddy.Duration)
			return duration(d, issuer.Leeway)
		}
		if text := texts[option]; text != nil {
			return one(d, text)
		}
		return unrecognized(d, option)
	})
}

func (a *App) parseAuthority(d *caddyfile.Dispenser) error {
	var name, path string
	if !d.AllArgs(&name, &path) {
		return d.ArgErr()
	}
	if a.Authorities == nil {
		a.Authorities = map[string]string{}
	}
	if a.Authorities[name] != "" {
		return d.Errf("authority %s is there twice", name)
	}
	a.Authorities[name] = path
	return nil
}

func (a *App) parseLimit(d *caddyfile.Dispenser) error {
	if a.Limit != nil {
		return d.Err("limit is there twice")
	}
	if d.NextArg() {
		return d.ArgErr()
	}
	a.Limit = new(Limit)
	var requests, inFlight int64
	numbers := map[string]*int64{"requests": &requests, "bytes": &a.Limit.Bytes, "in_flight": &inFlight}
	err := options(d, 1, func(option string) error {
		if option == "window" {
			return duration(d, &a.Limit.Window)
		}
		number := numbers[option]
		if number == nil {
			return unrecognized(d, option)
		}
		var text string
		if err := one(d, &text); err != nil {
			return err
		}
		value, err := strconv.ParseInt(text, 10, 63)
		if err != nil || value < 1 {
			return d.Errf("%s %s: it has to be a whole number of at least 1", option, text)
		}
		*number = value
		return nil
	})
	a.Limit.Requests, a.Limit.InFlight = int(requests), int(inFlight)
	return err
}

// UnmarshalCaddyfile reads the directive:
//
//	caller {
//		token maskinporten {
//			audience https://orders.example.no
//			scope orders.write
//			claim consumer.ID 0192:991825827
//		}
//		api_key partner-a partner-b
//		basic ops
//		certificate partners CN=client.example.no
//		public
//	}
func (h *Handler) UnmarshalCaddyfile(d *caddyfile.Dispenser) error {
	d.Next()
	if d.NextArg() {
		return d.ArgErr()
	}
	return options(d, 0, func(option string) error {
		switch option {
		case "token":
			return h.parseToken(d)
		case "api_key":
			return some(d, &h.APIKeys)
		case "basic":
			return some(d, &h.Basic)
		case "certificate":
			args := d.RemainingArgs()
			if len(args) < 2 {
				return d.ArgErr()
			}
			h.Certificates = append(h.Certificates, CertificateRule{Authority: args[0], Subjects: args[1:]})
			return nil
		case "public":
			if d.NextArg() {
				return d.ArgErr()
			}
			h.Public = true
			return nil
		}
		return unrecognized(d, option)
	})
}

func (h *Handler) parseToken(d *caddyfile.Dispenser) error {
	var rule TokenRule
	if err := one(d, &rule.Issuer); err != nil {
		return err
	}
	err := options(d, 1, func(option string) error {
		switch option {
		case "audience":
			if rule.Audience != "" {
				return d.Err("audience is there twice")
			}
			return one(d, &rule.Audience)
		case "scope":
			return some(d, &rule.Scopes)
		case "claim":
			var claim ClaimRule
			if !d.AllArgs(&claim.Name, &claim.Value) {
				return d.ArgErr()
			}
			rule.Claims = append(rule.Claims, claim)
			return nil
		}
		return unrecognized(d, option)
	})
	h.Tokens = append(h.Tokens, rule)
	return err
}

// Reads the options of a block, until one is wrong.
func options(d *caddyfile.Dispenser, nesting int, read func(option string) error) error {
	for d.NextBlock(nesting) {
		if err := read(d.Val()); err != nil {
			return err
		}
	}
	return nil
}

func unrecognized(d *caddyfile.Dispenser, option string) error {
	return d.Errf("unrecognized parameter '%s'", option)
}

func one(d *caddyfile.Dispenser, value *string) error {
	if !d.AllArgs(value) {
		return d.ArgErr()
	}
	return nil
}

func some(d *caddyfile.Dispenser, values *[]string) error {
	args := d.RemainingArgs()
	if len(args) == 0 {
		return d.ArgErr()
	}
	*values = append(*values, args...)
	return nil
}

func duration(d *caddyfile.Dispenser, value *caddy.Duration) error {
	var text string
	if err := one(d, &text); err != nil {
		return err
	}
	parsed, err := caddy.ParseDuration(text)
	if err != nil {
		return d.Errf("%s: %v", text, err)
	}
	*value = caddy.Duration(parsed)
	return nil
}

var (
	_ caddyfile.Unmarshaler = (*App)(nil)
	_ caddyfile.Unmarshaler = (*Handler)(nil)
)
