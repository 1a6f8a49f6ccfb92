// Command pulumi-language-nodejs stands in for Pulumi's language host for Node.js where only package registries can be
// reached, which do not have it. It starts what the SDK brings for this purpose, @pulumi/pulumi/cmd/run, as the real
// one does, but connects it to the engine without the proxy in between, and looks for no plug-ins: a benchmark that
// compares with it is kind to the peer.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

// The SDK exits with this when it has told the engine what went wrong.
const alreadyReported = 32

type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer

	engine string
}

func main() {
	flag.String("tracing", "", "not used")
	flag.String("root", "", "not used")
	flag.Parse()
	server, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, &host{engine: flag.Arg(0)})
			return nil
		},
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(server.Port)
	<-server.Done
}

func (*host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: "0.0.0"}, nil
}

func (*host) GetRequiredPackages(
	context.Context, *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	return &pulumirpc.GetRequiredPackagesResponse{}, nil
}

func (h *host) Run(ctx context.Context, request *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	config, err := json.Marshal(request.GetConfig())
	if err != nil {
		return nil, err
	}
	secretKeys, err := json.Marshal(request.GetConfigSecretKeys())
	if err != nil {
		return nil, err
	}
	folder := request.GetInfo().GetProgramDirectory()
	node := exec.CommandContext(ctx, "node", arguments(folder, h.engine, request)...)
	node.Dir = folder
	node.Env = append(os.Environ(), "PULUMI_CONFIG="+string(config), "PULUMI_CONFIG_SECRET_KEYS="+string(secretKeys))
	node.Stdout, node.Stderr = os.Stdout, os.Stderr
	err = node.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return &pulumirpc.RunResponse{}, nil
	case errors.As(err, &exit) && exit.ExitCode() == alreadyReported:
		return &pulumirpc.RunResponse{Bail: true}, nil
	default:
		return &pulumirpc.RunResponse{Error: err.Error()}, nil
	}
}

func arguments(folder, engine string, request *pulumirpc.RunRequest) []string {
	found := []string{
		filepath.Join(folder, "node_modules", "@pulumi", "pulumi", "cmd", "run"),
		"--monitor", request.GetMonitorAddress(),
		"--engine", engine,
		"--organization", request.GetOrganization(),
		"--project", request.GetProject(),
		"--stack", request.GetStack(),
		"--root-directory", request.GetInfo().GetRootDirectory(),
		"--pwd", request.GetPwd(),
		"--parallel", strconv.Itoa(int(request.GetParallel())),
	}
	if request.GetDryRun() {
		found = append(found, "--dry-run")
	}
	return append(found, ".")
}
