package callers

import (
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

// An authority of client certificates.
type authority struct {
	name  string
	roots *x509.CertPool

	verified *lru.Cache[digest, time.Time] // by chain: until when
}

// As many chains are remembered; a client has one, for all its requests.
const maxVerifiedChains = 1000

func readAuthority(name, path string) (*authority, error) {
	if !isHeaderText(certificateIssuer + name) {
		return nil, fmt.Errorf("the name has to be visible ASCII of at most %d characters", maxIdentity-len(certificateIssuer))
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	verified, err := lru.New[digest, time.Time](maxVerifiedChains)
	if err != nil {
		return nil, err
	}
	found := &authority{name, x509.NewCertPool(), verified}
	count := 0
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			return nil, fmt.Errorf("%s has a %s; only certificates belong there", path, block.Type)
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("%s: certificate %d: %w", path, count+1, err)
		}
		found.roots.AddCert(certificate)
		count++
	}
	if count == 0 {
		return nil, fmt.Errorf("no certificate in %s", path)
	}
	return found, nil
}

// Verifies a client's chain, whose first certificate's key the client has, or remembers that it has.
func (a *authority) verify(chain []*x509.Certificate, now time.Time) error {
	sum := sumOf(chain)
	if until, known := a.verified.Get(sum); known && now.Before(until) {
		return nil
	}
	until, err := a.verifyAgain(chain, now)
	if err == nil {
		a.verified.Add(sum, until)
	}
	return err
}

// Verifies a chain, and says until when it is valid.
func (a *authority) verifyAgain(chain []*x509.Certificate, now time.Time) (time.Time, error) {
	others := x509.NewCertPool()
	for _, certificate := range chain[1:] {
		others.AddCert(certificate)
	}
	found, err := chain[0].Verify(x509.VerifyOptions{
		Roots:         a.roots,
		Intermediates: others,
		CurrentTime:   now,
		KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	})
	if err != nil {
		return time.Time{}, err
	}
	until := found[0][0].NotAfter
	for _, certificate := range found[0] {
		if certificate.NotAfter.Before(until) {
			until = certificate.NotAfter
		}
	}
	return until, nil
}

func sumOf(chain []*x509.Certificate) digest {
	hash := sha256.New()
	for _, certificate := range chain {
		hash.Write(certificate.Raw) // DER says its own length
	}
	return digest(hash.Sum(nil))
}

// Why a certificate is not accepted, for the log.
func certificateReason(err error) string {
	var invalid x509.CertificateInvalidError
	switch {
	case !errors.As(err, &invalid):
		return "authority"
	case invalid.Reason == x509.Expired:
		return "expired"
	case invalid.Reason == x509.IncompatibleUsage:
		return "usage"
	}
	return "invalid"
}

// A name that a certificate may have: its whole subject, with its parts in any order, or a DNS name,
// an email address or a URI among its alternative names.
type certificateName struct {
	text    string
	subject []string // sorted; nil if it is an alternative name
}

func parseCertificateName(text string) (certificateName, error) {
	if text == "" || len(headerText(text)) > maxIdentity {
		return certificateName{}, fmt.Errorf("subject %q: it has to have 1 to %d characters", text, maxIdentity)
	}
	kind, _, isSubject := strings.Cut(text, "=")
	if !isSubject || strings.ContainsAny(kind, ":/@") {
		return certificateName{text: text}, nil
	}
	return certificateName{text, subjectParts(text)}, nil
}

func (n certificateName) matches(certificate *x509.Certificate) bool {
	if n.subject != nil {
		return slices.Equal(n.subject, subjectOf(certificate))
	}
	if slices.ContainsFunc(certificate.DNSNames, func(it string) bool { return strings.EqualFold(it, n.text) }) {
		return true
	}
	for _, uri := range certificate.URIs {
		if uri.String() == n.text {
			return true
		}
	}
	return slices.Contains(certificate.EmailAddresses, n.text)
}

// The parts of a certificate's subject as it is there: parsed, it has only the last of several common
// names. Nil if it cannot be read.
func subjectOf(certificate *x509.Certificate) []string {
	var subject pkix.RDNSequence
	if rest, err := asn1.Unmarshal(certificate.RawSubject, &subject); err != nil || len(rest) > 0 {
		return nil
	}
	return subjectParts(subject.String())
}

// The parts of a subject (RFC 4514), sorted: some write the last one first.
func subjectParts(text string) []string {
	var parts []string
	var part strings.Builder
	add := func() {
		kind, value, _ := strings.Cut(part.String(), "=")
		parts = append(parts, strings.ToUpper(strings.Trim(kind, " "))+"="+strings.Trim(value, " "))
		part.Reset()
	}
	escaped := false
	for _, r := range text {
		if r == ',' && !escaped {
			add()
			continue
		}
		escaped = r == '\\' && !escaped
		part.WriteRune(r)
	}
	add()
	slices.Sort(parts)
	return parts
}
