// Package remote runs commands on, and copies files to, other machines over SSH.
package remote

import (
	"context"

	"github.com/pulumi/pulumi-go-provider/infer"

	"nordfaas/tools/pulumi-resource-command/lifecycle"
)

// Command is the resource command:remote:Command.
type Command struct{}

// Annotate describes the resource.
func (c *Command) Annotate(a infer.Annotator) {
	a.Describe(&c, "A command that runs on a remote host when the resource is created, updated or deleted.")
}

// CommandInputs are the resource's inputs.
type CommandInputs struct {
	lifecycle.Commands
	Stdin                  *string           `pulumi:"stdin,optional"`
	Logging                *Logging          `pulumi:"logging,optional"`
	Connection             *Connection       `pulumi:"connection" provider:"secret"`
	Environment            map[string]string `pulumi:"environment,optional"`
	AddPreviousOutputInEnv *bool             `pulumi:"addPreviousOutputInEnv,optional"`
}

// Annotate describes the inputs.
func (c *CommandInputs) Annotate(a infer.Annotator) {
	a.Describe(&c.Stdin, "What the command reads from its standard input.")
	a.Describe(&c.Logging, "Which of the command's streams are shown in the log. Defaults to both.")
	a.Describe(&c.Connection, "How to reach the remote host.")
	a.Describe(&c.Environment, "Environment variables of the command. The SSH server has to accept them (AcceptEnv).")
	a.Describe(&c.AddPreviousOutputInEnv, "Whether the previous run's output is in the environment, as "+
		"PULUMI_COMMAND_STDOUT and PULUMI_COMMAND_STDERR, if the server accepts them. Defaults to true.")
}

// BaseOutputs are what a remote command leaves.
type BaseOutputs struct {
	Stdout string `pulumi:"stdout"`
	Stderr string `pulumi:"stderr"`
}

// Annotate describes the outputs.
func (b *BaseOutputs) Annotate(a infer.Annotator) {
	a.Describe(&b.Stdout, "The command's standard output.")
	a.Describe(&b.Stderr, "The command's standard error.")
}

// CommandOutputs are the resource's properties.
type CommandOutputs struct {
	CommandInputs
	BaseOutputs
}

// Create runs the create command.
func (*Command) Create(
	ctx context.Context, req infer.CreateRequest[CommandInputs],
) (infer.CreateResponse[CommandOutputs], error) {
	state := CommandOutputs{CommandInputs: req.Inputs}
	id, err := lifecycle.NewID(req.Name)
	if err == nil && !req.DryRun {
		err = state.execute(ctx, req.Inputs.Create)
	}
	return infer.CreateResponse[CommandOutputs]{ID: id, Output: state}, err
}

// Update runs the update command, or the create command where there is none.
func (*Command) Update(
	ctx context.Context, req infer.UpdateRequest[CommandInputs, CommandOutputs],
) (infer.UpdateResponse[CommandOutputs], error) {
	state := CommandOutputs{CommandInputs: req.Inputs, BaseOutputs: req.State.BaseOutputs}
	var err error
	if !req.DryRun {
		err = state.execute(ctx, req.Inputs.OnUpdate())
	}
	return infer.UpdateResponse[CommandOutputs]{Output: state}, err
}

// Delete runs the delete command.
func (*Command) Delete(ctx context.Context, req infer.DeleteRequest[CommandOutputs]) (infer.DeleteResponse, error) {
	return infer.DeleteResponse{}, req.State.execute(ctx, req.State.Delete)
}
