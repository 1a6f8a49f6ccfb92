package local

import (
	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi-go-provider/infer/types"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// BaseInputs are the inputs that every local command has.
type BaseInputs struct {
	Stdin                  *string            `pulumi:"stdin,optional"`
	Logging                *Logging           `pulumi:"logging,optional"`
	Interpreter            *[]string          `pulumi:"interpreter,optional"`
	Dir                    *string            `pulumi:"dir,optional"`
	Environment            *map[string]string `pulumi:"environment,optional"`
	AssetPaths             *[]string          `pulumi:"assetPaths,optional"`
	ArchivePaths           *[]string          `pulumi:"archivePaths,optional"`
	AddPreviousOutputInEnv *bool              `pulumi:"addPreviousOutputInEnv,optional"`
}

const globs = "Globs: `*` matches anything but `/`, `**` anything, a leading `!` takes files out again. " +
	"Paths are relative to `dir`."

// Annotate describes the inputs.
func (b *BaseInputs) Annotate(a infer.Annotator) {
	a.Describe(&b.Stdin, "What the command reads from its standard input.")
	a.Describe(&b.Logging, "Which of the command's streams are shown in the log. Defaults to both.")
	a.Describe(&b.Interpreter, "The program that runs the command, with its arguments. Defaults to `/bin/sh -c`.")
	a.Describe(&b.Dir, "The folder in which the command runs. Defaults to the program's.")
	a.Describe(&b.Environment, "Environment variables, in addition to Pulumi's own.")
	a.Describe(&b.AssetPaths, "Files to return as assets once the command has run. "+globs)
	a.Describe(&b.ArchivePaths, "Files to return as one archive once the command has run. "+globs)
	a.Describe(&b.AddPreviousOutputInEnv, "Whether the previous run's output is in the environment, as "+
		"PULUMI_COMMAND_STDOUT and PULUMI_COMMAND_STDERR. Defaults to true.")
}

// BaseOutputs are the outputs that every local command has.
type BaseOutputs struct {
	Stdout  string                            `pulumi:"stdout"`
	Stderr  string                            `pulumi:"stderr"`
	Assets  *map[string]*types.AssetOrArchive `pulumi:"assets,optional"`
	Archive *resource.Archive                 `pulumi:"archive,optional"`
}

// Annotate describes the outputs.
func (b *BaseOutputs) Annotate(a infer.Annotator) {
	a.Describe(&b.Stdout, "The command's standard output.")
	a.Describe(&b.Stderr, "The command's standard error.")
	a.Describe(&b.Assets, "The files that `assetPaths` names, by path.")
	a.Describe(&b.Archive, "The files that `archivePaths` names.")
}
