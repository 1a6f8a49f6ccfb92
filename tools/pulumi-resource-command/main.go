// Command pulumi-resource-command is nordfaas's stand-in for Pulumi's official Command plugin, for machines that cannot
// download that one: it serves previews and the lab. It has the tokens, inputs and outputs of the official version 1.2.1
// and behaves like it; README.md lists the differences. tools/install uses it only where the official plugin is not to
// be had.
package main

import (
	"context"
	"fmt"
	"os"

	p "github.com/pulumi/pulumi-go-provider"
)

// version is that of the official plugin whose place this one takes; set by the linker.
var version = "1.2.1"

const about = `pulumi-resource-command %s (stand-in)

nordfaas's stand-in for the official Pulumi Command plugin of that version, for previews and the
lab only. It is not the official plugin: where that can be had, tools/install uses that.

The Pulumi engine starts it; there is nothing to call by hand.
`

func main() {
	if len(os.Args) == 2 {
		switch os.Args[1] {
		case "-h", "-help", "--help", "-version", "--version", "version":
			fmt.Printf(about, version)
			return
		}
	}
	if err := p.RunProvider(context.Background(), "command", version, newProvider()); err != nil {
		fmt.Fprintln(os.Stderr, "pulumi-resource-command:", err)
		os.Exit(1)
	}
}
