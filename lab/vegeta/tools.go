//go:build tools

// Package vegeta pins vegeta, the HTTP load generator of the benchmarks.
package vegeta

import (
	_ "github.com/tsenart/vegeta/v12"
)
