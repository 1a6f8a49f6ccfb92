//go:build tools

// Package natsstreaming pins NATS Streaming, the queue of OpenFaaS' asynchronous calls.
package natsstreaming

import _ "github.com/nats-io/nats-streaming-server"
