//go:build tools

// Package caddy pins the Caddy server.
package caddy

import _ "github.com/caddyserver/caddy/v2/cmd/caddy"
