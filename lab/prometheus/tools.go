//go:build tools

// Package prometheus pins Prometheus.
package prometheus

import _ "github.com/prometheus/prometheus/cmd/prometheus"
