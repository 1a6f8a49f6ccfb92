//go:build tools

// Package cloudnativepg pins the CloudNativePG operator.
package cloudnativepg

import (
	_ "github.com/cloudnative-pg/cloudnative-pg/cmd/manager"
)
