package callers

import (
	"fmt"
	"net/http"
	"strings"

	"golang.org/x/net/http/httpguts"
)

const (
	issuerHeader  = "Nordfaas-Caller-Issuer"
	subjectHeader = "Nordfaas-Caller-Subject"
	claimsHeader  = "Nordfaas-Caller-Claims"

	// The part that they share, as it is compared.
	callerHeaders = "nordfaas-caller-"

	maxIdentity = 256

	apiKeyIssuer      = "api-key"
	certificateIssuer = "mtls:"
)

// Who is calling, as the upstream gets it.
type identity struct {
	issuer, subject string
	claims          string // JSON, or empty
}

// Takes out of the request what only we may say, in every spelling: some frameworks read _ as -.
// They may not come after the body either.
func forget(r *http.Request) {
	for name := range r.Header {
		if isCallerHeader(name) {
			delete(r.Header, name)
		}
	}
	r.Trailer = nil
	forgetConnection(r.Header)
}

// A proxy removes the headers that Connection names: a client could have ours removed. Nor may it
// change to a protocol with further requests, which would reach the upstream unseen.
func forgetConnection(header http.Header) {
	upgrade := httpguts.HeaderValuesContainsToken(header["Connection"], "upgrade") &&
		strings.EqualFold(header.Get("Upgrade"), "websocket")
	header.Del("Connection")
	header.Del("Http2-Settings")
	if upgrade {
		header.Set("Connection", "Upgrade")
	} else {
		header.Del("Upgrade")
	}
}

func isCallerHeader(name string) bool {
	return strings.HasPrefix(strings.ToLower(strings.ReplaceAll(name, "_", "-")), callerHeaders)
}

// Tells the upstream who is calling, without the credentials.
func (i identity) tell(r *http.Request) {
	r.Header.Del("Authorization")
	r.Header.Del(apiKeyHeader)
	r.Header.Set(issuerHeader, i.issuer)
	r.Header.Set(subjectHeader, i.subject)
	if i.claims != "" {
		r.Header.Set(claimsHeader, i.claims)
	}
}

// Percent-encodes what is not visible ASCII, and the percent sign.
func headerText(text string) string {
	var encoded strings.Builder
	for _, b := range []byte(text) {
		if b > ' ' && b < 0x7f && b != '%' {
			encoded.WriteByte(b)
		} else {
			fmt.Fprintf(&encoded, "%%%02X", b)
		}
	}
	return encoded.String()
}

// Whether it is its own encoding, and not too long.
func isHeaderText(text string) bool {
	return len(text) <= maxIdentity && !strings.ContainsFunc(text, isNotVisible)
}

func isQuotable(text string) bool {
	return !strings.ContainsFunc(text, isNotVisible) && !strings.ContainsAny(text, `"\`)
}

func isNotVisible(r rune) bool { return r <= ' ' || r >= 0x7f }
