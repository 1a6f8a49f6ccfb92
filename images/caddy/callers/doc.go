// Package callers is a module of Caddy that knows who is calling: it accepts tokens of issuers, API
// keys and client certificates, route by route, tells the upstream whose request it is, and limits
// what each caller may send.
//
// Tokens are verified by go-jose v4. It takes the algorithms that are accepted when it parses a
// token, and refuses any other before it looks at a key: what the token says about itself never
// chooses how it is verified, neither "none" nor an HMAC with the public key as its secret. It reads
// JSON strictly (no name twice, no other case), refuses critical header parameters that it does not
// know, and never uses a key that comes with the token. Caddy contains it anyway, for its own
// authority, so the edge gets no further code that parses what strangers send. The other candidate,
// lestrrat-go/jwx with its jwk.Cache, would bring that; and its cache refreshes at times of its own,
// which HTTP headers influence, while the rules here are others: keys survive an issuer that is away,
// unknown keys cause at most one fetch in 30 s, no redirect leads to another host. These would have
// had to be written around it, and are hardly more than the cache itself; see keyring.go. (The key set
// of go-oidc, which Caddy contains as well, asks the issuer for each unknown key.)
//
// Nothing of a token, a key or a caller's name is logged.
package callers
