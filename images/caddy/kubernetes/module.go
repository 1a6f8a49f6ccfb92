package kubernetes

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/certmagic"
)

func init() {
	caddy.RegisterModule(Module{})
}

// Module is Caddy's storage module:
//
//	storage kubernetes /run/caddy/storage {
//		api https://10.43.0.1:443
//		credentials /var/run/secrets/kubernetes.io/serviceaccount
//	}
type Module struct {
	// URL of the Kubernetes API. Default: as pods are told by their environment.
	API string `json:"api,omitempty"`

	// Folder with token, ca.crt and namespace. Default: where Kubernetes mounts it.
	Credentials string `json:"credentials,omitempty"`

	// Folder for copies, with which Caddy can start while the API is away. Default: none.
	Cache string `json:"cache,omitempty"`

	storage *Storage
}

// CaddyModule returns the Caddy module information.
func (Module) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{
		ID:  "caddy.storage.kubernetes",
		New: func() caddy.Module { return new(Module) },
	}
}

// Provision reads the credentials; it does not ask the API.
func (m *Module) Provision(ctx caddy.Context) error {
	if m.API == "" {
		host, port := os.Getenv("KUBERNETES_SERVICE_HOST"), os.Getenv("KUBERNETES_SERVICE_PORT")
		if host == "" || port == "" {
			return fmt.Errorf("storage kubernetes: not in a pod, and no api")
		}
		m.API = "https://" + net.JoinHostPort(host, port)
	}
	if m.Credentials == "" {
		m.Credentials = "/var/run/secrets/kubernetes.io/serviceaccount"
	}
	namespace, err := os.ReadFile(filepath.Join(m.Credentials, "namespace"))
	if err != nil {
		return fmt.Errorf("storage kubernetes: the namespace: %w", err)
	}
	api, err := newAPI(m.API, strings.TrimSpace(string(namespace)), m.Credentials)
	if err != nil {
		return fmt.Errorf("storage kubernetes: %w", err)
	}
	m.storage = newStorage(api, m.Cache, ctx.Logger())
	return nil
}

// CertMagicStorage returns the storage.
func (m *Module) CertMagicStorage() (certmagic.Storage, error) {
	return m.storage, nil
}

// UnmarshalCaddyfile reads the block.
func (m *Module) UnmarshalCaddyfile(d *caddyfile.Dispenser) error {
	d.Next()
	if d.NextArg() {
		m.Cache = d.Val()
	}
	if d.NextArg() {
		return d.ArgErr()
	}
	for d.NextBlock(0) {
		option := d.Val()
		value := map[string]*string{"api": &m.API, "credentials": &m.Credentials}[option]
		if value == nil {
			return d.Errf("unrecognized parameter '%s'", option)
		}
		if !d.AllArgs(value) {
			return d.ArgErr()
		}
	}
	return nil
}

var (
	_ caddy.Provisioner      = (*Module)(nil)
	_ caddy.StorageConverter = (*Module)(nil)
	_ caddyfile.Unmarshaler  = (*Module)(nil)
)
