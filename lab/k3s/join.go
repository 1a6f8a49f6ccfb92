package main

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	passwordFile = "/etc/rancher/node/password" // where K3s has it
	joinLimit    = 2 * time.Minute
)

// join brings what the node needs from the cluster. A node that is a member already does without an answer.
func join(c *config) error {
	if c.role == serverRole {
		if _, err := os.Stat(memberFile); err == nil {
			return nil
		}
	}
	request, err := request(c)
	if err != nil {
		return err
	}
	answer, err := ask(c.server, c.token, request)
	if err != nil {
		if _, known := os.Stat(c.role.tlsPath("client-kubelet.crt")); known == nil && c.role == agentRole {
			return rememberedSettings(c)
		}
		return problem("this node cannot join the cluster at "+c.server, err.Error(),
			"see whether that server runs and can be reached from here, and run this again")
	}
	if err := c.take(answer.Settings); err != nil {
		return problem("this node cannot join the cluster at "+c.server, err.Error(), "make its config the same as that of the other servers")
	}
	for path, content := range answer.Files {
		if err := writeFile(filepath.Join(c.role.home(), filepath.Clean("/"+path)), content, 0o600); err != nil {
			return err
		}
	}
	if answer.Member != nil { // the last, as from then on this is a member
		return answer.Member.write()
	}
	return nil
}

func request(c *config) (*joinRequest, error) {
	hash, err := passwordHash()
	if err != nil {
		return nil, err
	}
	r := &joinRequest{Name: c.nodeName, Address: c.nodeIP.String(), Role: c.role, Password: hash}
	if c.role == serverRole {
		r.Member, err = memberName(c.nodeName)
	}
	return r, err
}

// take compares a server's settings with the cluster's, as K3s does; an agent has none of its own.
func (c *config) take(s settings) error {
	if c.role == serverRole {
		own := settings{c.clusterCIDR.String(), c.serviceCIDR.String(), c.clusterDNS.String(), c.flannelBackend}
		if own != s {
			return fmt.Errorf("critical configuration mismatched: here %+v, there %+v", own, s)
		}
		return nil
	}
	var err, failed error
	c.clusterCIDR, err = netip.ParsePrefix(s.ClusterCIDR)
	failed = errors.Join(failed, err)
	c.serviceCIDR, err = netip.ParsePrefix(s.ServiceCIDR)
	failed = errors.Join(failed, err)
	c.clusterDNS, err = netip.ParseAddr(s.ClusterDNS)
	c.flannelBackend = s.FlannelBackend
	return errors.Join(failed, err)
}

// rememberedSettings are those of an agent's last start.
func rememberedSettings(c *config) error {
	p, _, err := readPlan()
	if err != nil {
		return err
	}
	return c.take(settings{p.ClusterCIDR, p.ServiceCIDR, p.ClusterDNS, p.FlannelBackend})
}

// ask tries for a while whatever may pass: a server that starts, or one that takes in another node at the moment.
func ask(server, token string, request *joinRequest) (*joinAnswer, error) {
	for began := time.Now(); ; time.Sleep(time.Second) {
		answer, err := askOnce(server, token, request)
		var refused refusal
		if err == nil || errors.As(err, &refused) || time.Since(began) > joinLimit {
			return answer, err
		}
	}
}

// refusal is an answer that another try would not change.
type refusal string

func (r refusal) Error() string { return string(r) }

func askOnce(server, token string, request *joinRequest) (*joinAnswer, error) {
	roots, err := authorityOf(server, token)
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(request)
	if err != nil {
		return nil, err
	}
	message, err := http.NewRequest(http.MethodPost, "https://"+server+"/join", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	user := "server"
	if request.Role == agentRole {
		user = "node"
	}
	message.SetBasicAuth(user, secretOf(token))
	response, err := supervisorClient(&tls.Config{RootCAs: roots}).Do(message)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	text := strings.TrimSpace(string(content))
	switch {
	case response.StatusCode == http.StatusUnauthorized || response.StatusCode == http.StatusForbidden || text == duplicateName:
		return nil, refusal(text)
	case response.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("%s answers %s: %s", server, response.Status, text)
	}
	var answer joinAnswer
	return &answer, json.Unmarshal(content, &answer)
}

// authorityOf is the CA that a server shows, if it is that of the token (source: K3s, pkg/clientaccess/token.go).
func authorityOf(server, token string) (*x509.CertPool, error) {
	response, err := supervisorClient(&tls.Config{InsecureSkipVerify: true}).Get("https://" + server + "/cacerts")
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	certificate, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if hash, _, full := strings.Cut(token, "::"); full && strings.HasPrefix(hash, "K10") {
		if found := fmt.Sprintf("K10%x", sha256.Sum256(certificate)); found != hash {
			return nil, refusal(fmt.Sprintf("token CA hash does not match the Cluster CA certificate hash: %s != %s", hash, found))
		}
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(certificate) {
		return nil, fmt.Errorf("%s shows no certificate of an authority", server)
	}
	return pool, nil
}

func supervisorClient(c *tls.Config) *http.Client {
	c.NextProtos = []string{supervisorProtocol}
	return &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{TLSClientConfig: c, DisableKeepAlives: true}}
}

// passwordHash is that of a random password, which stays on this node's disk.
func passwordHash() (string, error) {
	content, err := os.ReadFile(passwordFile)
	if errors.Is(err, fs.ErrNotExist) {
		random := make([]byte, 16)
		if _, err := rand.Read(random); err != nil {
			return "", err
		}
		content = []byte(hex.EncodeToString(random) + "\n")
		err = writeFile(passwordFile, content, 0o600)
	}
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%x", sha256.Sum256(bytes.TrimSpace(content))), nil
}
