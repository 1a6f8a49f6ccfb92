package local

import (
	"context"

	"github.com/pulumi/pulumi-go-provider/infer"
)

// Run is the function command:local:run.
type Run struct{}

// Annotate describes the function.
func (r *Run) Annotate(a infer.Annotator) {
	a.Describe(&r, "Runs a command on this machine, on every preview and every update.")
}

// RunInputs are the function's inputs.
type RunInputs struct {
	BaseInputs
	Command string `pulumi:"command"`
}

// Annotate describes the inputs.
func (r *RunInputs) Annotate(a infer.Annotator) {
	a.Describe(&r.Command, "The command.")
}

// RunOutputs are the function's outputs.
type RunOutputs struct {
	RunInputs
	BaseOutputs
}

// Invoke runs the command.
func (*Run) Invoke(ctx context.Context, req infer.FunctionRequest[RunInputs]) (infer.FunctionResponse[RunOutputs], error) {
	outputs := RunOutputs{RunInputs: req.Input}
	err := execute(ctx, &req.Input.Command, outputs.BaseInputs, &outputs.BaseOutputs)
	return infer.FunctionResponse[RunOutputs]{Output: outputs}, err
}
