package main

import (
	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi-go-provider/middleware/schema"

	"nordfaas/tools/pulumi-resource-command/local"
	"nordfaas/tools/pulumi-resource-command/remote"
)

func newProvider() p.Provider {
	return infer.Provider(infer.Options{
		Metadata: schema.Metadata{
			DisplayName: "Command (stand-in)",
			Description: "nordfaas's stand-in for the official Pulumi Command plugin, for previews and the lab. " +
				"Not the official plugin.",
			Keywords:  []string{"command", "stand-in"},
			License:   "Apache-2.0",
			Publisher: "nordfaas",
		},
		Resources: []infer.InferredResource{
			infer.Resource(&local.Command{}),
			infer.Resource(&remote.Command{}),
			infer.Resource(&remote.CopyToRemote{}),
		},
		Functions: []infer.InferredFunction{
			infer.Function(&local.Run{}),
		},
	})
}
