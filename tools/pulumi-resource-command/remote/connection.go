package remote

import "github.com/pulumi/pulumi-go-provider/infer"

// Endpoint is an SSH server and how to log in there.
type Endpoint struct {
	User               *string  `pulumi:"user,optional"`
	Password           *string  `pulumi:"password,optional" provider:"secret"`
	Host               *string  `pulumi:"host"`
	Port               *float64 `pulumi:"port,optional"`
	PrivateKey         *string  `pulumi:"privateKey,optional" provider:"secret"`
	PrivateKeyPassword *string  `pulumi:"privateKeyPassword,optional" provider:"secret"`
	AgentSocketPath    *string  `pulumi:"agentSocketPath,optional"`
	DialErrorLimit     *int     `pulumi:"dialErrorLimit,optional"`
	PerDialTimeout     *int     `pulumi:"perDialTimeout,optional"`
	HostKey            *string  `pulumi:"hostKey,optional"`
}

const (
	defaultUser           = "root"
	defaultPort           = 22
	defaultDialErrorLimit = 10
	defaultPerDialTimeout = 15
)

func (e *Endpoint) annotate(a infer.Annotator) {
	a.Describe(&e.User, "The user to log in as.")
	a.SetDefault(&e.User, defaultUser)
	a.Describe(&e.Password, "The user's password.")
	a.Describe(&e.Host, "The server's name or address.")
	a.Describe(&e.Port, "The server's port.")
	a.SetDefault(&e.Port, defaultPort)
	a.Describe(&e.PrivateKey, "A private key to log in with. Tried before the password.")
	a.Describe(&e.PrivateKeyPassword, "The private key's password, if it is encrypted.")
	a.Describe(&e.AgentSocketPath, "The socket of an SSH agent. Defaults to SSH_AUTH_SOCK.")
	a.Describe(&e.DialErrorLimit, "How many failed attempts to connect are allowed; -1: any number.")
	a.SetDefault(&e.DialErrorLimit, defaultDialErrorLimit)
	a.Describe(&e.PerDialTimeout, "Seconds that one attempt may take; 0: any time.")
	a.SetDefault(&e.PerDialTimeout, defaultPerDialTimeout)
	a.Describe(&e.HostKey, "The key that the server must have, as in authorized_keys. Defaults to any.")
}

// Connection is how to reach the remote host.
type Connection struct {
	Endpoint
	Proxy *ProxyConnection `pulumi:"proxy,optional"`
}

// Annotate describes the type.
func (c *Connection) Annotate(a infer.Annotator) {
	a.Describe(&c, "How to reach the remote host.")
	c.annotate(a)
	a.Describe(&c.Proxy, "The jump host through which to connect.")
}

// ProxyConnection is how to reach the jump host.
type ProxyConnection struct{ Endpoint }

// Annotate describes the type.
func (c *ProxyConnection) Annotate(a infer.Annotator) {
	a.Describe(&c, "How to reach the jump host.")
	c.annotate(a)
}
