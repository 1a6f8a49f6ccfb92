//go:build tools

// Package queueworkerparallel pins the last of OpenFaaS' queue-workers for NATS Streaming that reads max_inflight.
package queueworkerparallel

import _ "github.com/openfaas/nats-queue-worker"
