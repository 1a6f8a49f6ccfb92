//go:build tools

// Package versitygw pins Versity's S3 gateway, the store of the lab's backups.
package versitygw

import (
	_ "github.com/versity/versitygw/cmd/versitygw"
)
