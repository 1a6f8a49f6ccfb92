package remote

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	p "github.com/pulumi/pulumi-go-provider"
	"golang.org/x/crypto/ssh"

	"nordfaas/tools/pulumi-resource-command/capture"
	"nordfaas/tools/pulumi-resource-command/lifecycle"
)

const acceptEnv = "Unable to set '%s'. The SSH server has to accept it (AcceptEnv in sshd_config); " +
	"or set it in the command: NAME=value command"

// execute runs the command, if there is one, and keeps its output. As with the official plugin, the connection stays
// open until the plugin ends, and a command that runs is not ended when Pulumi is told to stop.
func (c *CommandOutputs) execute(ctx context.Context, command *string) error {
	if command == nil {
		return nil
	}
	client, err := c.Connection.dial(ctx)
	if err != nil {
		return err
	}
	session, err := client.NewSession()
	if err != nil {
		return err
	}
	defer func() { _ = session.Close() }()

	if err := c.setEnvironment(ctx, session); err != nil {
		return err
	}
	if c.Stdin != nil && *c.Stdin != "" {
		session.Stdin = strings.NewReader(*c.Stdin)
	}
	output := capture.New(p.GetLogger(ctx).InfoStatus, c.Logging.stdout(), c.Logging.stderr())
	session.Stdout, session.Stderr = output.Stdout(), output.Stderr()
	err = session.Run(*command)
	stdout, stderr := output.Done()
	if err != nil {
		return output.Failed(*command, err)
	}
	c.BaseOutputs = BaseOutputs{Stdout: stdout, Stderr: stderr}
	return nil
}

// setEnvironment hands over the variables. One of the user's that is refused is an error; the previous output is an
// offer only.
func (c *CommandOutputs) setEnvironment(ctx context.Context, session *ssh.Session) error {
	for _, name := range slices.Sorted(maps.Keys(c.Environment)) {
		if err := session.Setenv(name, c.Environment[name]); err != nil {
			p.GetLogger(ctx).Errorf(acceptEnv, name)
			return fmt.Errorf("could not set environment variable %q: %w", name, err)
		}
	}
	previous := lifecycle.Previous(c.AddPreviousOutputInEnv, c.Stdout, c.Stderr)
	for _, name := range slices.Sorted(maps.Keys(previous)) {
		if err := session.Setenv(name, previous[name]); err != nil {
			p.GetLogger(ctx).Warningf(acceptEnv, name)
		}
	}
	return nil
}
