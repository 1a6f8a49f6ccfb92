package callers

import (
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const ordersRule = "token main {\naudience https://orders.example.no\nscope orders.write\nclaim consumer.ID 0192:991825827\n}"

func anyToken(t *testing.T, more ...string) (*issuer, *edge) {
	t.Helper()
	i := newIssuer(t, rsaKey(), ecKey(), edKey())
	return i, newEdge(t, i.block(more...), map[string]string{"/": "token main"})
}

func TestTokensOfTheIssuerAreAccepted(t *testing.T) {
	i, e := anyToken(t)
	soon, past := time.Now().Add(20*time.Second).Unix(), time.Now().Add(-20*time.Second).Unix()
	for name, token := range map[string]string{
		"RS256":                           i.token(t, rsaKey(), nil),
		"ES256":                           i.token(t, ecKey(), nil),
		"EdDSA":                           i.token(t, edKey(), nil),
		"no kid, and only one key fits":   i.token(t, ecKey().named(""), nil),
		"several audiences":               i.token(t, rsaKey(), fields{"aud": []string{"https://else.example.no", audience}}),
		"the issuer's other audience":     i.token(t, rsaKey(), fields{"aud": "https://other.example.no"}),
		"expired within the leeway":       i.token(t, rsaKey(), fields{"exp": past}),
		"from a clock that is ahead":      i.token(t, rsaKey(), fields{"nbf": soon, "iat": soon}),
		"neither iat nor nbf":             i.token(t, rsaKey(), fields{"nbf": nil, "iat": nil}),
		"a fraction of a second":          i.token(t, rsaKey(), fields{"exp": float64(time.Now().Unix()) + 60.5}),
		"a type for access":               rsaKey().sign(t, payload(t, i.claims(nil)), map[jose.HeaderKey]any{"typ": "at+jwt"}),
		"the type JWT":                    rsaKey().sign(t, payload(t, i.claims(nil)), map[jose.HeaderKey]any{"typ": "JWT"}),
		"a header that is not critical":   rsaKey().sign(t, payload(t, i.claims(nil)), map[jose.HeaderKey]any{"x": "y"}),
		"a subject of 256 characters":     i.token(t, rsaKey(), fields{"sub": strings.Repeat("a", 256)}),
		"a token of nearly 8 KiB":         i.token(t, rsaKey(), fields{"padding": strings.Repeat("a", 5500)}),
		"a claim of 10 deep objects":      i.token(t, rsaKey(), fields{"deep": json.RawMessage(strings.Repeat(`{"a":`, 10) + "1" + strings.Repeat("}", 10))}),
		"a number that no float can have": i.token(t, rsaKey(), fields{"large": json.RawMessage("1e400")}),
	} {
		t.Run(name, func(t *testing.T) {
			e.t = t
			took := e.accepts("/", token)
			if took.Header.Get("Authorization") != "" {
				t.Error("the upstream gets the token")
			}
			if got := took.Header.Get("Nordfaas-Caller-Issuer"); got != i.iss() {
				t.Errorf("the issuer is %q", got)
			}
			e.accepts("/", token) // from memory
		})
	}
}

func TestOtherTokensAreRefused(t *testing.T) {
	i, e := anyToken(t)
	now := time.Now()
	usual := payload(t, i.claims(nil))
	header := func(name jose.HeaderKey, value any) string {
		return rsaKey().sign(t, usual, map[jose.HeaderKey]any{name: value})
	}
	valid := i.token(t, rsaKey(), nil)
	parts := strings.Split(valid, ".")
	const (
		algorithm = "the token's algorithm is not accepted"
		malformed = "the token is malformed"
		critical  = "the token has critical header parameters"
		unnamed   = "the token does not name its caller"
		noAccess  = "the token is not for access"
		noExpiry  = "the token does not say when it expires"
		audience  = "the token is for another audience"
		issuer    = "the token is of another issuer"
		key       = "the token's key is not known"
		signature = "the token's signature is wrong"
	)
	for name, refused := range map[string]struct{ token, detail string }{
		"expired":                          {i.token(t, rsaKey(), fields{"exp": now.Add(-31 * time.Second).Unix()}), "the token has expired"},
		"no expiry":                        {i.token(t, rsaKey(), fields{"exp": nil}), noExpiry},
		"an expiry in words":               {i.token(t, rsaKey(), fields{"exp": "tomorrow"}), noExpiry},
		"an expiry out of this world":      {i.token(t, rsaKey(), fields{"exp": json.RawMessage("1e300")}), noExpiry},
		"an expiry that no float can have": {i.token(t, rsaKey(), fields{"exp": json.RawMessage("1e400")}), noExpiry},
		"not yet":                          {i.token(t, rsaKey(), fields{"nbf": now.Add(40 * time.Second).Unix()}), "the token is not valid yet"},
		"issued in the future":             {i.token(t, rsaKey(), fields{"iat": now.Add(40 * time.Second).Unix()}), "the token is not valid yet"},
		"nbf is no time":                   {i.token(t, rsaKey(), fields{"nbf": "now"}), malformed},
		"another audience":                 {i.token(t, rsaKey(), fields{"aud": "https://else.example.no"}), audience},
		"other audiences":                  {i.token(t, rsaKey(), fields{"aud": []string{"a", "b"}}), audience},
		"no audience":                      {i.token(t, rsaKey(), fields{"aud": nil}), audience},
		"an audience that is a prefix":     {i.token(t, rsaKey(), fields{"aud": "https://orders.example.no/"}), audience},
		"an audience that is no text":      {i.token(t, rsaKey(), fields{"aud": []any{"https://orders.example.no", 1}}), audience},
		"another issuer":                   {i.token(t, rsaKey(), fields{"iss": "https://else.example.no/"}), issuer},
		"the issuer without its slash":     {i.token(t, rsaKey(), fields{"iss": i.URL}), issuer},
		"no issuer":                        {i.token(t, rsaKey(), fields{"iss": nil}), issuer},
		"an issuer that is no text":        {i.token(t, rsaKey(), fields{"iss": []string{i.iss()}}), malformed},
		"alg none":                         {unsigned(t, i, `{"alg":"none"}`), algorithm},
		"alg None":                         {unsigned(t, i, `{"alg":"None"}`), algorithm},
		"no alg":                           {unsigned(t, i, `{"kid":"rsa"}`), algorithm},
		"HS256 with the public key":        {withPublicKeyAsSecret(t, i), algorithm},
		"PS256, which is not in the list":  {i.token(t, rsaKey().with(jose.PS256), nil), algorithm},
		"ES384, which is not in the list":  {i.token(t, ecSigner("ec", jose.ES384, elliptic.P384()), nil), algorithm},
		"RS256 with the ID of an EC key":   {i.token(t, rsaKey().named("ec"), nil), "the token's algorithm is not that of its key"},
		"ES256 with the ID of an RSA key":  {i.token(t, ecKey().named("rsa"), nil), "the token's algorithm is not that of its key"},
		"an EC key with an RS256 header":   {changedHeader(t, i.token(t, ecKey(), nil), `{"alg":"RS256","kid":"ec"}`), "the token's algorithm is not that of its key"},
		"an unknown kid":                   {i.token(t, otherRSA(), nil), key},
		"another key with a known kid":     {i.token(t, otherRSA().named("rsa"), nil), signature},
		"another key without a kid":        {i.token(t, otherEC().named(""), nil), signature},
		"no signature":                     {parts[0] + "." + parts[1] + ".", signature},
		"another's signature":              {parts[0] + "." + parts[1] + "." + strings.Split(i.token(t, rsaKey(), fields{"sub": "x"}), ".")[2], signature},
		"other claims":                     {parts[0] + "." + base64url(string(payload(t, i.claims(fields{"sub": "root"})))) + "." + parts[2], signature},
		"its own key":                      {withItsOwnKey(t, i), signature},
		"crit":                             {header("crit", []string{"exp"}), critical},
		"crit that the library knows":      {rsaKey().sign(t, usual, map[jose.HeaderKey]any{"crit": []string{"b64"}, "b64": true}), critical},
		"b64 without crit":                 {header("b64", true), critical},
		"a proof":                          {header("typ", "dpop+jwt"), noAccess},
		"a logout token":                   {header("typ", "application/Logout+JWT"), noAccess},
		"encrypted":                        {encrypted(t, usual), "the token is encrypted"},
		"bound to a key":                   {i.token(t, rsaKey(), fields{"cnf": fields{"jkt": "x"}}), "the token is bound to a key, which cannot be proven here"},
		"8 KiB and more":                   {i.token(t, rsaKey(), fields{"padding": strings.Repeat("a", 8<<10)}), "the token is longer than 8192 bytes"},
		"100 KiB":                          {strings.Repeat("a", 100<<10), "the token is longer than 8192 bytes"},
		"nothing":                          {"", malformed},
		"one part":                         {"abc", malformed},
		"four parts":                       {valid + ".x", malformed},
		"no base64":                        {parts[0] + ".!." + parts[2], malformed},
		"padded base64":                    {parts[0] + "." + parts[1] + "==." + parts[2], malformed},
		"JSON serialization":               {`{"payload":"x"}`, malformed},
		"claims that are no object":        {rsaKey().sign(t, []byte("[]"), nil), malformed},
		"claims that are null":             {rsaKey().sign(t, []byte("null"), nil), issuer},
		"claims with something behind":     {rsaKey().sign(t, append(usual, " {}"...), nil), malformed},
		"a claim that is there twice":      {rsaKey().sign(t, []byte(strings.Replace(string(usual), "{", `{"sub":"other",`, 1)), nil), malformed},
		"claims that are not UTF-8":        {rsaKey().sign(t, []byte(strings.Replace(string(usual), "client-1", "client-\xff", 1)), nil), malformed},
		"half a character in the subject":  {rsaKey().sign(t, []byte(strings.Replace(string(usual), "client-1", `\ud800`, 1)), nil), unnamed},
		"no subject":                       {i.token(t, rsaKey(), fields{"sub": nil}), unnamed},
		"an empty subject":                 {i.token(t, rsaKey(), fields{"sub": ""}), unnamed},
		"a subject that is no text":        {i.token(t, rsaKey(), fields{"sub": 1}), unnamed},
		"a subject of 257 characters":      {i.token(t, rsaKey(), fields{"sub": strings.Repeat("a", 257)}), "the name of the token's caller is too long"},
		"a subject too long once encoded":  {i.token(t, rsaKey(), fields{"sub": strings.Repeat("å", 43)}), "the name of the token's caller is too long"},
	} {
		t.Run(name, func(t *testing.T) {
			e.t = t
			e.refuses("/", refused.token, refused.detail)
		})
	}
}

func base64url(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

func unsigned(t *testing.T, i *issuer, header string) string {
	return base64url(header) + "." + base64url(string(payload(t, i.claims(nil)))) + "."
}

func changedHeader(t *testing.T, token, header string) string {
	t.Helper()
	_, rest, _ := strings.Cut(token, ".")
	return base64url(header) + "." + rest
}

// The oldest trick: who takes the algorithm from the token uses the public key as an HMAC secret.
func withPublicKeyAsSecret(t *testing.T, i *issuer) string {
	der, err := x509.MarshalPKIXPublicKey(rsaKey().key.Public())
	must(t, err)
	secret := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	signed := base64url(`{"alg":"HS256","kid":"rsa"}`) + "." + base64url(string(payload(t, i.claims(nil))))
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(signed))
	return signed + "." + base64url(string(mac.Sum(nil)))
}

func withItsOwnKey(t *testing.T, i *issuer) string {
	return otherRSA().named("rsa").sign(t, payload(t, i.claims(nil)), map[jose.HeaderKey]any{"jwk": otherRSA().public()})
}

func encrypted(t *testing.T, text []byte) string {
	encrypter, err := jose.NewEncrypter(jose.A128GCM, jose.Recipient{Algorithm: jose.RSA_OAEP_256, Key: rsaKey().key.Public()}, nil)
	must(t, err)
	object, err := encrypter.Encrypt(text)
	must(t, err)
	token, err := object.CompactSerialize()
	must(t, err)
	return token
}

func TestATokenIsForgottenWhenItExpires(t *testing.T) {
	i := newIssuer(t, rsaKey())
	e := newEdge(t, i.block("leeway 0s"), map[string]string{"/": "token main"})
	token := i.token(t, rsaKey(), fields{"exp": float64(time.Now().UnixMilli())/1000 + 3})
	e.accepts("/", token)
	eventually(t, "it has expired", func() bool { return e.withToken("/", token).status == 401 })
}

func TestAScopeOrClaimThatIsMissingIsForbidden(t *testing.T) {
	i := newIssuer(t, rsaKey())
	e := newEdge(t, i.block(), map[string]string{"/": ordersRule})
	consumer := fields{"ID": "0192:991825827"}
	for name, claims := range map[string]fields{
		"a claim in an object":        {"consumer": consumer},
		"an array with it":            {"consumer": fields{"ID": []any{"x", 1, "0192:991825827"}}},
		"scopes in an array":          {"consumer": consumer, "scope": []string{"a", "orders.write"}},
		"scopes as scp":               {"consumer": consumer, "scope": nil, "scp": []string{"orders.write"}},
		"scopes as scp, with a space": {"consumer": consumer, "scope": nil, "scp": "x orders.write"},
	} {
		t.Run(name, func(t *testing.T) {
			e.t = t
			e.accepts("/", i.token(t, rsaKey(), claims))
		})
	}
	for name, forbidden := range map[string]struct {
		claims fields
		detail string
	}{
		"another scope":               {fields{"consumer": consumer, "scope": "orders.read orders.writer"}, "the token lacks a scope"},
		"no scope":                    {fields{"consumer": consumer, "scope": nil}, "the token lacks a scope"},
		"a scope of another case":     {fields{"consumer": consumer, "scope": "Orders.write"}, "the token lacks a scope"},
		"another value":               {fields{"consumer": fields{"ID": "0192:1"}}, "the token lacks a claim"},
		"a claim whose name has dots": {fields{"consumer.ID": "0192:991825827"}, "the token lacks a claim"},
		"no claim":                    {nil, "the token lacks a claim"},
		"the value deeper":            {fields{"consumer": fields{"ID": fields{"x": "0192:991825827"}}}, "the token lacks a claim"},
		"a claim of another case":     {fields{"Consumer": consumer}, "the token lacks a claim"},
	} {
		t.Run(name, func(t *testing.T) {
			e.t = t
			got := e.withToken("/", i.token(t, rsaKey(), forbidden.claims))
			e.refused(got, 403, forbidden.detail)
			challenge := `Bearer realm="nordfaas", error="insufficient_scope", error_description="` + forbidden.detail + `", scope="orders.write"`
			if got.header.Get("WWW-Authenticate") != challenge {
				t.Errorf("the challenge is %q", got.header.Get("WWW-Authenticate"))
			}
		})
	}
	e.t = t
	e.refuses("/", i.token(t, rsaKey(), fields{"consumer": consumer, "aud": "https://other.example.no"}), "the token is for another audience")
}

func TestAClaimMayBeANumberATruthOrHaveAURIAsItsName(t *testing.T) {
	i := newIssuer(t, rsaKey())
	e := newEdge(t, i.block(), map[string]string{
		"/level": "token main {\nclaim level 4\n}",
		"/admin": "token main {\nclaim admin true\n}",
		"/roles": "token main {\nclaim https://example.no/roles ops\n}",
	})
	e.accepts("/level", i.token(t, rsaKey(), fields{"level": 4}))
	e.accepts("/admin", i.token(t, rsaKey(), fields{"admin": true}))
	e.accepts("/roles", i.token(t, rsaKey(), fields{"https://example.no/roles": []string{"dev", "ops"}}))
	for _, path := range []string{"/level", "/admin", "/roles"} {
		if got := e.withToken(path, i.token(t, rsaKey(), fields{"level": 4.5, "admin": false, "https://example": fields{"no/roles": "ops"}})); got.status != 403 {
			t.Errorf("%s: %s", path, got)
		}
	}
}

func TestOneOfSeveralRulesIsEnough(t *testing.T) {
	i, other := newIssuer(t, rsaKey()), newIssuer(t, otherRSA())
	e := newEdge(t, i.block()+"\n"+strings.Replace(other.block(), "issuer main", "issuer other", 1), map[string]string{
		"/either": "token main {\nscope a\n}\ntoken main {\nscope b\n}\ntoken other",
		"/main":   "token main",
	})
	e.accepts("/either", i.token(t, rsaKey(), fields{"scope": "b"}))
	e.accepts("/either", other.token(t, otherRSA(), fields{"scope": nil}))
	got := e.withToken("/either", i.token(t, rsaKey(), fields{"scope": "c"}))
	e.refused(got, 403, "the token lacks a scope")
	// A token that has been verified for one path is not accepted at another.
	e.refuses("/main", other.token(t, otherRSA(), fields{"scope": nil}), "the token is of another issuer")
	token := other.token(t, otherRSA(), nil)
	e.accepts("/either", token)
	e.refuses("/main", token, "the token is of another issuer")
	// The keys of one issuer are not those of the other.
	e.refuses("/either", i.token(t, otherRSA(), nil), "the token's key is not known")
}
