package callers

import (
	"crypto/x509"
	"testing"
	"time"
)

func TestAVerifiedCertificateIsRememberedUntilItEnds(t *testing.T) {
	now := time.Now()
	partners := newAuthority(t, "partners")
	authority, err := readAuthority("partners", partners.file)
	must(t, err)
	chain := leaf(t, partners, now.Add(10*time.Minute))

	must(t, authority.verify(chain, now))
	must(t, authority.verify(chain, now.Add(9*time.Minute)))
	if authority.verified.Len() != 1 {
		t.Errorf("%d chains are remembered", authority.verified.Len())
	}
	if err := authority.verify(chain, now.Add(11*time.Minute)); certificateReason(err) != "expired" {
		t.Errorf("eleven minutes later: %v", err)
	}
}

func TestARememberedCertificateEndsWithItsAuthority(t *testing.T) {
	now := time.Now()
	partners := newAuthority(t, "partners") // for an hour
	authority, err := readAuthority("partners", partners.file)
	must(t, err)
	chain := leaf(t, partners, now.Add(24*time.Hour))

	must(t, authority.verify(chain, now))
	if authority.verify(chain, now.Add(2*time.Hour)) == nil {
		t.Error("accepted after the end of its authority")
	}
}

func TestACertificateOfAnotherAuthorityIsNotTheOneThatIsRemembered(t *testing.T) {
	now := time.Now()
	partners := newAuthority(t, "partners")
	authority, err := readAuthority("partners", partners.file)
	must(t, err)
	end := now.Add(10 * time.Minute)

	must(t, authority.verify(leaf(t, partners, end), now))
	if authority.verify(leaf(t, newAuthority(t, "partners"), end), now) == nil {
		t.Error("accepted")
	}
	if authority.verified.Len() != 1 {
		t.Errorf("%d chains are remembered", authority.verified.Len())
	}
}

func TestNoMoreChainsAreRememberedThanThereIsRoomFor(t *testing.T) {
	now := time.Now()
	partners := newAuthority(t, "partners")
	authority, err := readAuthority("partners", partners.file)
	must(t, err)
	for at := range maxVerifiedChains {
		authority.verified.Add(digest{byte(at), byte(at >> 8), 1}, now)
	}

	must(t, authority.verify(leaf(t, partners, now.Add(time.Minute)), now))
	if authority.verified.Len() != maxVerifiedChains {
		t.Errorf("%d chains are remembered", authority.verified.Len())
	}
}

func leaf(t *testing.T, issuer *certificateAuthority, end time.Time) []*x509.Certificate {
	issued := issuer.issue(t, func(template *x509.Certificate) { template.NotAfter = end })
	certificate, err := x509.ParseCertificate(issued.Certificate[0])
	must(t, err)
	return []*x509.Certificate{certificate}
}
