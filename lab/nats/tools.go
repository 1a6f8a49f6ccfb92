//go:build tools

// Package nats pins the NATS server and its command-line client.
package nats

import (
	_ "github.com/nats-io/nats-server/v2"
	_ "github.com/nats-io/natscli/nats"
)
