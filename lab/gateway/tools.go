//go:build tools

// Package gateway pins the OpenFaaS gateway.
package gateway

import _ "github.com/openfaas/faas/gateway"
