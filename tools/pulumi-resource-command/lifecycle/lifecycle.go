// Package lifecycle is what local and remote commands have in common: which command runs when.
package lifecycle

import (
	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// The variables that hand a command's previous output to its next run.
const (
	StdoutVariable = "PULUMI_COMMAND_STDOUT"
	StderrVariable = "PULUMI_COMMAND_STDERR"
)

// Commands are the commands of a resource, one per step of its life.
type Commands struct {
	Triggers *[]any  `pulumi:"triggers,optional" provider:"replaceOnChanges"`
	Create   *string `pulumi:"create,optional"`
	Update   *string `pulumi:"update,optional"`
	Delete   *string `pulumi:"delete,optional"`
}

// Annotate describes the inputs.
func (c *Commands) Annotate(a infer.Annotator) {
	a.Describe(&c.Triggers, "Values of any type; when one of them changes, the command runs again.")
	a.Describe(&c.Create, "The command that runs on creation, and on update where there is no `update`.")
	a.Describe(&c.Update, "The command that runs when an input has changed. Defaults to `create`.")
	a.Describe(&c.Delete, "The command that runs on deletion. Defaults to none.")
}

// OnUpdate is the command of an update; nil if there is none.
func (c *Commands) OnUpdate() *string {
	if c.Update != nil {
		return c.Update
	}
	return c.Create
}

// Previous are the variables that hand the previous output on; addPrevious unset means yes.
func Previous(addPrevious *bool, stdout, stderr string) map[string]string {
	variables := map[string]string{}
	if addPrevious != nil && !*addPrevious {
		return variables
	}
	if stdout != "" {
		variables[StdoutVariable] = stdout
	}
	if stderr != "" {
		variables[StderrVariable] = stderr
	}
	return variables
}

// NewID makes the id of a resource from its name.
func NewID(name string) (string, error) {
	return resource.NewUniqueHex(name, 8, 0)
}
