//go:build tools

// Package tools pins the Pulumi CLI and everything it is built from; tools/install builds the imported command.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
