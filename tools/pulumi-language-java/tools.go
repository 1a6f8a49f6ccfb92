//go:build tools

// Package tools pins Pulumi's Java language host and everything it is built from; tools/install builds the imported command.
package tools

import _ "github.com/pulumi/pulumi-java/pkg/cmd/pulumi-language-java"
