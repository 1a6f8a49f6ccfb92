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

const tlsFolder = dataFolder + "/server/tls"

const validity = 365 * 24 * time.Hour

// authority signs certificates. Keys and certificates that are there already are used again.
type authority struct {
	certificate *x509.Certificate
	key         crypto.Signer
}

func tlsPath(name string) string { return tlsFolder + "/" + name }

// makePKI makes the cluster's authorities and the certificates of its components.
func makePKI(c *config) error {
	if err := os.MkdirAll(tlsFolder, 0o700); err != nil {
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
	if err := makeServiceAccountKey(); err != nil {
		return err
	}
	names := []string{"kubernetes", "kubernetes.default", "kubernetes.default.svc",
		"kubernetes.default.svc.cluster.local", "localhost", c.nodeName}
	addresses := []string{"127.0.0.1", c.nodeIP.String(), nth(c.serviceCIDR, 1).String()}
	for _, certificate := range []struct {
		name, user, group string
		by                *authority
		server            bool
		hosts             []string
	}{
		{"kube-apiserver", "kube-apiserver", "", cluster, true, slices.Concat(names, addresses, c.tlsSANs)},
		{"kubelet", "system:node:" + c.nodeName, "system:nodes", cluster, true, []string{c.nodeName, "localhost", "127.0.0.1", c.nodeIP.String()}},
		{"client-admin", "system:admin", "system:masters", cluster, false, nil},
		{"client-kube-apiserver", "kube-apiserver-kubelet-client", "system:masters", cluster, false, nil},
		{"client-controller", "system:kube-controller-manager", "", cluster, false, nil},
		{"client-scheduler", "system:kube-scheduler", "", cluster, false, nil},
		{"client-kube-proxy", "system:kube-proxy", "", cluster, false, nil},
		{"client-kubelet", "system:node:" + c.nodeName, "system:nodes", cluster, false, nil},
		{"client-auth-proxy", "system:auth-proxy", "", front, false, nil},
	} {
		if err := certificate.by.issue(certificate.name, certificate.user, certificate.group,
			certificate.server, certificate.hosts); err != nil {
			return fmt.Errorf("certificate %s: %w", certificate.name, err)
		}
	}
	return nil
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

// issue keeps a certificate that says the same already and is good for another month.
func (a *authority) issue(name, user, group string, server bool, hosts []string) error {
	template := &x509.Certificate{
		Subject:     pkix.Name{CommonName: user},
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	if group != "" {
		template.Subject.Organization = []string{group}
	}
	if server {
		template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	}
	slices.Sort(hosts)
	for _, host := range slices.Compact(hosts) {
		if address := net.ParseIP(host); address != nil {
			template.IPAddresses = append(template.IPAddresses, address)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	old, _, err := readPair(name)
	if err == nil && old.CheckSignatureFrom(a.certificate) == nil &&
		time.Until(old.NotAfter) > 30*24*time.Hour && old.Subject.CommonName == user &&
		slices.Equal(old.DNSNames, template.DNSNames) &&
		slices.EqualFunc(old.IPAddresses, template.IPAddresses, net.IP.Equal) {
		return nil
	}
	return sign(name, template, a, validity)
}

func sign(name string, template *x509.Certificate, by *authority, valid time.Duration) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return err
	}
	template.SerialNumber = serial
	template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(valid)
	parent, signer := template, crypto.Signer(key)
	if by != nil {
		parent, signer = by.certificate, by.key
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		return err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	// The key first: a pair of which only the certificate is there would be taken for whole.
	if err := writePEM(name+".key", "PRIVATE KEY", private); err != nil {
		return err
	}
	return writePEM(name+".crt", "CERTIFICATE", certificate)
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
	if err := writePEM("service.key", "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)); err != nil {
		return err
	}
	return writePEM("service.pub", "PUBLIC KEY", public)
}

func writePEM(name, kind string, content []byte) error {
	return writeFile(tlsPath(name), pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content}), 0o600)
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

// kubeconfig is the same as K3s writes it: one cluster, user and context, all named default.
func kubeconfig(client string) ([]byte, error) {
	var encoded [3]string
	for i, name := range []string{"server-ca.crt", client + ".crt", client + ".key"} {
		content, err := os.ReadFile(tlsPath(name))
		if err != nil {
			return nil, err
		}
		encoded[i] = base64.StdEncoding.EncodeToString(content)
	}
	return fmt.Appendf(nil, `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: %s
    server: https://127.0.0.1:6443
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
`, encoded[0], encoded[1], encoded[2]), nil
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
