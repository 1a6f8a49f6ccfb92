//go:build tools

// Package queueworker pins OpenFaaS' queue-worker for NATS Streaming, in the version that the gateway pins.
package queueworker

import _ "github.com/openfaas/nats-queue-worker"
