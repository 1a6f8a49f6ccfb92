// Command lab-provider is a read-only OpenFaaS provider: it lists the Deployments of a namespace
// that carry the label faas_function, passes calls on to a ready pod of theirs, and reads their logs.
// It deploys nothing: functions come from the stack. It stands in for faas-netes in the lab, and
// keeps what it knows of the cluster in memory by watching it, as faas-netes does.
package main

import (
	"context"
	"encoding/json"
	"log"
	"net/http"
	"os"
	"strconv"
	"time"

	bootstrap "github.com/openfaas/faas-provider"
	"github.com/openfaas/faas-provider/logs"
	"github.com/openfaas/faas-provider/proxy"
	"github.com/openfaas/faas-provider/types"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

const (
	label         = "faas_function"
	syncedWithin  = 30 * time.Second
	providerName  = "lab-provider"
	orchestration = "kubernetes"
)

// version is set when it is built.
var version = "0.1.0"

func main() {
	namespace := variable("function_namespace", "openfaas-fn")
	port, err := strconv.Atoi(variable("port", "8081"))
	if err != nil {
		log.Fatalf("port: %v", err)
	}
	inCluster, err := rest.InClusterConfig()
	if err != nil {
		log.Fatalf("this runs in a pod only, with a service account: %v", err)
	}
	client, err := kubernetes.NewForConfig(inCluster)
	if err != nil {
		log.Fatalf("the Kubernetes API: %v", err)
	}
	ctx := context.Background()
	functions := watch(ctx, client, namespace)
	if err := functions.synced(ctx, syncedWithin); err != nil {
		log.Fatalf("the functions in namespace %s cannot be read: %v", namespace, err)
	}
	config := &types.FaaSConfig{
		TCPPort:         &port,
		ReadTimeout:     duration("read_timeout"),
		WriteTimeout:    duration("write_timeout"),
		EnableBasicAuth: variable("basic_auth", "false") == "true",
		SecretMountPath: variable("secret_mount_path", "/run/secrets"),
	}
	bootstrap.Serve(&types.FaaSHandlers{
		FunctionProxy:        proxy.NewHandlerFunc(*config, functions),
		FunctionReader:       functions.list,
		ReplicaReader:        functions.one,
		DeployHandler:        refuse,
		DeleteHandler:        refuse,
		UpdateHandler:        refuse,
		ReplicaUpdater:       refuse,
		SecretHandler:        refuse,
		LogHandler:           logs.NewLogHandlerFunc(&podLogs{client: client, namespace: namespace}, config.WriteTimeout),
		HealthHandler:        func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) },
		ListNamespaceHandler: func(w http.ResponseWriter, _ *http.Request) { answer(w, []string{namespace}) },
		InfoHandler: func(w http.ResponseWriter, _ *http.Request) {
			answer(w, types.ProviderInfo{Name: providerName, Orchestration: orchestration,
				Version: &types.VersionInfo{Release: version}})
		},
	}, config)
}

func refuse(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, "the lab's provider only reads: functions come from the stack", http.StatusNotImplemented)
}

func answer(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(value); err != nil {
		log.Printf("answer: %v", err)
	}
}

func variable(name, fallback string) string {
	if value, ok := os.LookupEnv(name); ok && value != "" {
		return value
	}
	return fallback
}

func duration(name string) time.Duration {
	parsed, err := time.ParseDuration(variable(name, "60s"))
	if err != nil {
		log.Fatalf("%s: %v", name, err)
	}
	return parsed
}
