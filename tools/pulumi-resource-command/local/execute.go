package local

import (
	"context"
	"os"
	"os/exec"
	"strings"

	p "github.com/pulumi/pulumi-go-provider"

	"nordfaas/tools/pulumi-resource-command/capture"
	"nordfaas/tools/pulumi-resource-command/lifecycle"
)

// execute runs the command, if there is one, and keeps its output in out. When ctx ends, the command is killed, and what
// it has started goes on; as with the official plugin, that is waited for while it holds the command's output.
func execute(ctx context.Context, command *string, in BaseInputs, out *BaseOutputs) error {
	if command == nil {
		return nil
	}
	argv := []string{"/bin/sh", "-c"}
	if in.Interpreter != nil && len(*in.Interpreter) > 0 {
		argv = append([]string(nil), *in.Interpreter...)
	}
	argv = append(argv, *command)

	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	if in.Dir != nil {
		cmd.Dir = *in.Dir
	}
	cmd.Env = os.Environ()
	if in.Environment != nil {
		cmd.Env = appendVariables(cmd.Env, *in.Environment)
	}
	cmd.Env = appendVariables(cmd.Env, lifecycle.Previous(in.AddPreviousOutputInEnv, out.Stdout, out.Stderr))
	if in.Stdin != nil && *in.Stdin != "" {
		cmd.Stdin = strings.NewReader(*in.Stdin)
	}

	output := capture.New(p.GetLogger(ctx).InfoStatus, in.Logging.stdout(), in.Logging.stderr())
	cmd.Stdout, cmd.Stderr = output.Stdout(), output.Stderr()
	err := cmd.Run()
	stdout, stderr := output.Done()
	if err != nil {
		return output.Failed(*command, err)
	}
	out.Stdout, out.Stderr = stdout, stderr
	return collect(cmd.Dir, in, out)
}

func appendVariables(environment []string, variables map[string]string) []string {
	for name, value := range variables {
		environment = append(environment, name+"="+value)
	}
	return environment
}
