// Command caddy is the Caddy server with its standard modules, a rate limit per client, and a storage
// that several edges share.
package main

import (
	caddycmd "github.com/caddyserver/caddy/v2/cmd"
	_ "github.com/caddyserver/caddy/v2/modules/standard"
	_ "github.com/mholt/caddy-ratelimit"
	_ "nordfaas.dev/caddy/kubernetes"
)

func main() { caddycmd.Main() }
