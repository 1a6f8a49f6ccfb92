// Command pulumi-resource-kubernetes is Pulumi's Kubernetes plugin, built from its published Go module.
//
// The module's own main package embeds two generated files that a build from the module cache has to make first:
// tools/install does that in a temporary copy of this directory (see embed/), so they are never in the git tree.
package main

import (
	_ "embed"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
)

//go:embed schema-embed.json
var schema []byte

//go:embed terraform-mapping-embed.json
var terraformMapping []byte

// version is set by the linker.
var version string

func main() {
	provider.Serve("kubernetes", version, schema, terraformMapping)
}
