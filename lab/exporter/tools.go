//go:build tools

// Package exporter pins the exporter of PostgreSQL's metrics.
package exporter

import _ "github.com/prometheus-community/postgres_exporter/cmd/postgres_exporter"
