package remote

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"slices"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// login is how to log in to an endpoint; close ends its use of the SSH agent.
type login struct {
	config *ssh.ClientConfig
	agent  net.Conn
}

func (l *login) close() {
	if l.agent != nil {
		_ = l.agent.Close()
	}
}

func (e *Endpoint) login() (*login, error) {
	l := &login{config: &ssh.ClientConfig{User: valueOr(e.User, defaultUser)}}
	if err := e.checkHostKey(l.config); err != nil {
		return nil, err
	}
	if e.PrivateKey != nil {
		signer, err := e.signer()
		if err != nil {
			return nil, fmt.Errorf("privateKey: %w", err)
		}
		l.config.Auth = append(l.config.Auth, ssh.PublicKeys(signer))
	}
	if e.Password != nil {
		l.config.Auth = append(l.config.Auth, ssh.Password(*e.Password), ssh.KeyboardInteractive(e.answer))
	}
	if socket := valueOr(e.AgentSocketPath, os.Getenv("SSH_AUTH_SOCK")); socket != "" {
		var err error
		if l.agent, err = net.Dial("unix", socket); err != nil {
			return nil, fmt.Errorf("SSH agent: %w", err)
		}
		l.config.Auth = append(l.config.Auth, ssh.PublicKeysCallback(agent.NewClient(l.agent).Signers))
	}
	return l, nil
}

func (e *Endpoint) signer() (ssh.Signer, error) {
	if e.PrivateKeyPassword != nil {
		return ssh.ParsePrivateKeyWithPassphrase([]byte(*e.PrivateKey), []byte(*e.PrivateKeyPassword))
	}
	return ssh.ParsePrivateKey([]byte(*e.PrivateKey))
}

// answer gives the password to whatever the server asks.
func (e *Endpoint) answer(_, _ string, questions []string, _ []bool) ([]string, error) {
	return slices.Repeat([]string{*e.Password}, len(questions)), nil
}

// wrongHostKeyError is a server that is not the one that hostKey pins.
type wrongHostKeyError struct {
	pinned, presented ssh.PublicKey
}

func (e *wrongHostKeyError) Error() string {
	return fmt.Sprintf("refused: the server's key is %s %s, but hostKey pins %s %s",
		e.presented.Type(), ssh.FingerprintSHA256(e.presented), e.pinned.Type(), ssh.FingerprintSHA256(e.pinned))
}

// checkHostKey makes config accept the pinned key only; without a pin, any.
func (e *Endpoint) checkHostKey(config *ssh.ClientConfig) error {
	if e.HostKey == nil {
		config.HostKeyCallback = ssh.InsecureIgnoreHostKey()
		return nil
	}
	pinned, _, _, _, err := ssh.ParseAuthorizedKey([]byte(*e.HostKey))
	if err != nil {
		return fmt.Errorf("hostKey: not a public key as in authorized_keys: %w", err)
	}
	config.HostKeyCallback = func(_ string, _ net.Addr, presented ssh.PublicKey) error {
		if !bytes.Equal(presented.Marshal(), pinned.Marshal()) {
			return &wrongHostKeyError{pinned: pinned, presented: presented}
		}
		return nil
	}
	// The pinned key's type first: a server with several keys then presents that one.
	config.HostKeyAlgorithms = append(algorithms(pinned.Type()), ssh.SupportedAlgorithms().HostKeys...)
	return nil
}

// algorithms are the signature algorithms of a key type, best first.
func algorithms(keyType string) []string {
	if keyType == ssh.KeyAlgoRSA {
		return []string{ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256, ssh.KeyAlgoRSA}
	}
	return []string{keyType}
}
