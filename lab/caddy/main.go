// Command caddy is the Caddy server with its standard modules, a rate limit per client, a storage that
// several edges share, and who is calling.
package main

import (
	caddycmd "github.com/caddyserver/caddy/v2/cmd"
	_ "github.com/caddyserver/caddy/v2/modules/standard"
	_ "github.com/mholt/caddy-ratelimit"
	_ "nordfaas.dev/caddy/callers"
	_ "nordfaas.dev/caddy/kubernetes"
)

func main() { caddycmd.Main() }
