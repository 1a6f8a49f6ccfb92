//go:build tools

// Package exporter pins postgres_exporter.
package exporter

import (
	_ "github.com/prometheus-community/postgres_exporter/cmd/postgres_exporter"
)
