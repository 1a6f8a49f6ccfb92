//go:build tools

// Package queueworker pins OpenFaaS' last queue-worker for NATS Streaming, which takes one message at a time.
package queueworker

import _ "github.com/openfaas/nats-queue-worker"
