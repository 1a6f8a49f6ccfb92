//go:build tools

// Package pebble pins Pebble, an ACME authority for tests, and the DNS server that it asks.
package pebble

import (
	_ "github.com/letsencrypt/pebble/v2/cmd/pebble"
	_ "github.com/letsencrypt/pebble/v2/cmd/pebble-challtestsrv"
)
