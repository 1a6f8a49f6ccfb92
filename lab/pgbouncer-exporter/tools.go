//go:build tools

// Package exporter pins pgbouncer_exporter.
package exporter

import (
	_ "github.com/prometheus-community/pgbouncer_exporter"
)
