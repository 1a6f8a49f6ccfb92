package main

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"
)

const validity = 365 * 24 * time.Hour

// authority signs certificates. Keys and certificates that are there already are used again.
type authority struct {
	certificate *x509.Certificate
	key         crypto.Signer
}

// home is where a node keeps what only root may read: servers where K3s' servers do, agents elsewhere, as that folder
// makes K3s take a node for a server.
func (r role) home() string { return dataFolder + "/" + string(r) }

func (r role) tlsPath(name string) string { return r.home() + "/tls/" + name }

func tlsPath(name string) string { return serverRole.tlsPath(name) }

// makePKI makes the cluster's authorities and the certificates of a server's components. On a server that has joined
// another the authorities are that one's.
func makePKI(c *config) error {
	if err := os.MkdirAll(filepath.Dir(tlsPath("")), 0o700); err != nil {
		return err
	}
	cluster, err := makeAuthority("server-ca", "lab-k3s-server-ca")
	if err != nil {
		return err
	}
	front, err := makeAuthority("request-header-ca", "lab-k3s-request-header-ca")
	if err != nil {
		return err
	}
	peers, err := makeAuthority("etcd-peer-ca", "lab-k3s-etcd-peer-ca")
	if err != nil {
		return err
	}
	if err := makeServiceAccountKey(); err != nil {
		return err
	}
	names := []string{"kubernetes", "kubernetes.default", "kubernetes.default.svc",
		"kubernetes.default.svc.cluster.local", "localhost", c.nodeName}
	addresses := []string{"127.0.0.1", c.nodeIP.String(), nth(c.serviceCIDR, 1).String()}
	for _, wanted := range append([]certificate{
		{name: "kube-apiserver", user: "kube-apiserver", by: cluster, usage: serverUsage, hosts: slices.Concat(names, addresses, c.tlsSANs)},
		{name: "etcd-peer", user: "etcd-peer", by: peers, usage: bothUsages, hosts: []string{c.nodeIP.String()}},
		{name: "client-admin", user: "system:admin", group: "system:masters", by: cluster, usage: clientUsage},
		{name: "client-kube-apiserver", user: "kube-apiserver-kubelet-client", group: "system:masters", by: cluster, usage: clientUsage},
		{name: "client-controller", user: "system:kube-controller-manager", by: cluster, usage: clientUsage},
		{name: "client-scheduler", user: "system:kube-scheduler", by: cluster, usage: clientUsage},
		{name: "client-auth-proxy", user: "system:auth-proxy", by: front, usage: clientUsage},
	}, ofNode(cluster, c.nodeName, c.nodeIP.String())...) {
		if err := wanted.make(); err != nil {
			return fmt.Errorf("certificate %s: %w", wanted.name, err)
		}
	}
	return nil
}

var (
	serverUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	clientUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	bothUsages  = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
)

type certificate struct {
	name, user, group string
	by                *authority
	usage             []x509.ExtKeyUsage
	hosts             []string
}

// ofNode are the certificates that every node has, an agent too. The user of the last one is K3s' own.
func ofNode(by *authority, name, address string) []certificate {
	return []certificate{
		{"kubelet", "system:node:" + name, "system:nodes", by, serverUsage, []string{name, "localhost", "127.0.0.1", address}},
		{"client-kubelet", "system:node:" + name, "system:nodes", by, clientUsage, nil},
		{"client-kube-proxy", "system:kube-proxy", "", by, clientUsage, nil},
		{"client-k3s-controller", "system:k3s-controller", "", by, clientUsage, nil},
	}
}

func makeAuthority(name, commonName string) (*authority, error) {
	certificate, key, err := readPair(name)
	if errors.Is(err, fs.ErrNotExist) {
		template := &x509.Certificate{
			Subject:  pkix.Name{CommonName: fmt.Sprintf("%s@%d", commonName, time.Now().Unix())},
			KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign | x509.KeyUsageDigitalSignature,
			IsCA:     true, BasicConstraintsValid: true,
		}
		if err := sign(name, template, nil, 10*validity); err != nil {
			return nil, err
		}
		certificate, key, err = readPair(name)
	}
	return &authority{certificate, key}, err
}

// make keeps a certificate that says the same already and is good for another month.
func (c certificate) make() error {
	template := c.template()
	old, _, err := readPair(c.name)
	if err == nil && old.CheckSignatureFrom(c.by.certificate) == nil &&
		time.Until(old.NotAfter) > 30*24*time.Hour && old.Subject.CommonName == c.user &&
		slices.Equal(old.DNSNames, template.DNSNames) &&
		slices.EqualFunc(old.IPAddresses, template.IPAddresses, net.IP.Equal) {
		return nil
	}
	return sign(c.name, template, c.by, validity)
}

func (c certificate) template() *x509.Certificate {
	template := &x509.Certificate{
		Subject:     pkix.Name{CommonName: c.user},
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
		ExtKeyUsage: c.usage,
	}
	if c.group != "" {
		template.Subject.Organization = []string{c.group}
	}
	hosts := slices.Clone(c.hosts)
	slices.Sort(hosts)
	for _, host := range slices.Compact(hosts) {
		if address := net.ParseIP(host); address != nil {
			template.IPAddresses = append(template.IPAddresses, address)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	return template
}

func sign(name string, template *x509.Certificate, by *authority, valid time.Duration) error {
	certificate, private, err := signed(template, by, valid)
	if err != nil {
		return err
	}
	// The key first: a pair of which only the certificate is there would be taken for whole.
	if err := writeFile(tlsPath(name+".key"), private, 0o600); err != nil {
		return err
	}
	return writeFile(tlsPath(name+".crt"), certificate, 0o600)
}

// signed gives a certificate and its new key, both as PEM; signed by itself if there is no authority.
func signed(template *x509.Certificate, by *authority, valid time.Duration) (certificate, private []byte, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, nil, err
	}
	template.SerialNumber = serial
	template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(valid)
	parent, signer := template, crypto.Signer(key)
	if by != nil {
		parent, signer = by.certificate, by.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		return nil, nil, err
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, err
	}
	return asPEM("CERTIFICATE", der), asPEM("PRIVATE KEY", pkcs8), nil
}

func asPEM(kind string, content []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content})
}

func makeServiceAccountKey() error {
	if _, err := os.Stat(tlsPath("service.pub")); err == nil {
		return nil
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	if err := writeFile(tlsPath("service.key"), asPEM("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)), 0o600); err != nil {
		return err
	}
	return writeFile(tlsPath("service.pub"), asPEM("PUBLIC KEY", public), 0o600)
}

func readPair(name string) (*x509.Certificate, crypto.Signer, error) {
	certificatePEM, err := os.ReadFile(tlsPath(name + ".crt"))
	if err != nil {
		return nil, nil, err
	}
	keyPEM, err := os.ReadFile(tlsPath(name + ".key"))
	if err != nil {
		return nil, nil, err
	}
	certificateBlock, _ := pem.Decode(certificatePEM)
	keyBlock, _ := pem.Decode(keyPEM)
	if certificateBlock == nil || keyBlock == nil {
		return nil, nil, fmt.Errorf("%s is no PEM file", tlsPath(name))
	}
	certificate, err := x509.ParseCertificate(certificateBlock.Bytes)
	if err != nil {
		return nil, nil, err
	}
	key, err := x509.ParsePKCS8PrivateKey(keyBlock.Bytes)
	if err != nil {
		return nil, nil, err
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, nil, fmt.Errorf("%s.key is no key that signs", name)
	}
	return certificate, signer, nil
}

// apiPort is where a node's own components reach the API: on a server its own, on an agent a balancer over all servers.
func (r role) apiPort() string {
	if r == agentRole {
		return "6444"
	}
	return "6443"
}

// kubeconfig is the same as K3s writes it: one cluster, user and context, all named default.
func (r role) kubeconfig(client string) ([]byte, error) {
	var encoded [3]string
	for i, name := range []string{"server-ca.crt", client + ".crt", client + ".key"} {
		content, err := os.ReadFile(r.tlsPath(name))
		if err != nil {
			return nil, err
		}
		encoded[i] = base64.StdEncoding.EncodeToString(content)
	}
	return fmt.Appendf(nil, `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: %s
    server: https://127.0.0.1:%s
  name: default
contexts:
- context:
    cluster: default
    user: default
  name: default
current-context: default
kind: Config
preferences: {}
users:
- name: default
  user:
    client-certificate-data: %s
    client-key-data: %s
`, encoded[0], r.apiPort(), encoded[1], encoded[2]), nil
}

// writeFile puts a file in its place in one step, and only if that changes something.
func writeFile(path string, content []byte, mode os.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, content) {
		return os.Chmod(path, mode)
	}
	if err := os.WriteFile(path+".new", content, mode); err != nil {
		return err
	}
	if err := os.Chmod(path+".new", mode); err != nil { // whatever the umask
		return err
	}
	return os.Rename(path+".new", path)
}
