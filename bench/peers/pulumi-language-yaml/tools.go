//go:build tools

// Package tools pins Pulumi's YAML language host, the peer of bench/preview.
package tools

import _ "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml"
