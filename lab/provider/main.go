// Command lab-provider is a read-only OpenFaaS provider: it lists the Deployments of a namespace
// that carry the label faas_function, and passes calls on to the Services of the same name. It
// deploys nothing: functions come from the stack. It stands in for faas-netes in the lab.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/gorilla/mux"
	bootstrap "github.com/openfaas/faas-provider"
	"github.com/openfaas/faas-provider/logs"
	"github.com/openfaas/faas-provider/proxy"
	"github.com/openfaas/faas-provider/types"
)

const (
	label      = "faas_function"
	mountPath  = "/var/run/secrets/kubernetes.io/serviceaccount/"
	askTimeout = 5 * time.Second
	knownFor   = 5 * time.Second
)

// version is set when it is built.
var version = "0.1.0"

func main() {
	namespace := variable("function_namespace", "openfaas-fn")
	port, err := strconv.Atoi(variable("port", "8081"))
	if err != nil {
		log.Fatalf("port: %v", err)
	}
	kubernetes, err := inCluster()
	if err != nil {
		log.Fatalf("this runs in a pod only, with a service account: %v", err)
	}
	config := &types.FaaSConfig{
		TCPPort:         &port,
		ReadTimeout:     duration("read_timeout"),
		WriteTimeout:    duration("write_timeout"),
		EnableBasicAuth: variable("basic_auth", "false") == "true",
		SecretMountPath: variable("secret_mount_path", "/run/secrets"),
	}
	functions := &functions{kubernetes: kubernetes, namespace: namespace}
	bootstrap.Serve(&types.FaaSHandlers{
		FunctionProxy:        proxy.NewHandlerFunc(*config, functions),
		FunctionReader:       functions.list,
		ReplicaReader:        functions.one,
		DeployHandler:        refuse,
		DeleteHandler:        refuse,
		UpdateHandler:        refuse,
		ReplicaUpdater:       refuse,
		SecretHandler:        refuse,
		LogHandler:           logs.NewLogHandlerFunc(noLogs{}, config.WriteTimeout),
		HealthHandler:        func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) },
		ListNamespaceHandler: func(w http.ResponseWriter, _ *http.Request) { answer(w, []string{namespace}) },
		InfoHandler: func(w http.ResponseWriter, _ *http.Request) {
			answer(w, types.ProviderInfo{Name: "lab-provider", Orchestration: "kubernetes",
				Version: &types.VersionInfo{Release: version}})
		},
	}, config)
}

type functions struct {
	kubernetes *client
	namespace  string
	known      sync.Map // names of functions, and when they were found
}

type deployment struct {
	Metadata struct {
		Name              string            `json:"name"`
		Labels            map[string]string `json:"labels"`
		Annotations       map[string]string `json:"annotations"`
		CreationTimestamp time.Time         `json:"creationTimestamp"`
	} `json:"metadata"`
	Spec struct {
		Replicas uint64 `json:"replicas"`
		Template struct {
			Spec struct {
				Containers []struct {
					Image string `json:"image"`
				} `json:"containers"`
			} `json:"spec"`
		} `json:"template"`
	} `json:"spec"`
	Status struct {
		AvailableReplicas uint64 `json:"availableReplicas"`
	} `json:"status"`
}

func (f *functions) status(d *deployment) types.FunctionStatus {
	status := types.FunctionStatus{
		Name: d.Metadata.Name, Namespace: f.namespace, Replicas: d.Spec.Replicas,
		AvailableReplicas: d.Status.AvailableReplicas, CreatedAt: d.Metadata.CreationTimestamp,
		Labels: &d.Metadata.Labels, Annotations: &d.Metadata.Annotations,
	}
	if containers := d.Spec.Template.Spec.Containers; len(containers) > 0 {
		status.Image = containers[0].Image
	}
	return status
}

func (f *functions) path() string { return "/apis/apps/v1/namespaces/" + f.namespace + "/deployments" }

func (f *functions) list(w http.ResponseWriter, r *http.Request) {
	found := struct{ Items []deployment }{}
	if err := f.kubernetes.get(r.Context(), f.path()+"?labelSelector="+label, &found); err != nil {
		fail(w, err)
		return
	}
	statuses := []types.FunctionStatus{}
	for i := range found.Items {
		statuses = append(statuses, f.status(&found.Items[i]))
	}
	answer(w, statuses)
}

func (f *functions) one(w http.ResponseWriter, r *http.Request) {
	found, err := f.find(r.Context(), mux.Vars(r)["name"])
	if err != nil {
		fail(w, err)
		return
	}
	answer(w, f.status(found))
}

func (f *functions) find(ctx context.Context, name string) (*deployment, error) {
	var found deployment
	if err := f.kubernetes.get(ctx, f.path()+"/"+url.PathEscape(name), &found); err != nil {
		return nil, err
	}
	if _, isFunction := found.Metadata.Labels[label]; !isFunction {
		return nil, errNotFound
	}
	return &found, nil
}

// Resolve is the proxy's question where a function is. What was a function is asked for again only
// after a while: a call must not cost a question to the API.
func (f *functions) Resolve(name string) (url.URL, error) {
	if known, ok := f.known.Load(name); !ok || time.Since(known.(time.Time)) > knownFor {
		ctx, cancel := context.WithTimeout(context.Background(), askTimeout)
		defer cancel()
		if _, err := f.find(ctx, name); err != nil {
			f.known.Delete(name)
			return url.URL{}, err
		}
		f.known.Store(name, time.Now())
	}
	return url.URL{Scheme: "http", Host: name + "." + f.namespace + ":8080"}, nil
}

func refuse(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, "the lab's provider only reads: functions come from the stack", http.StatusNotImplemented)
}

type noLogs struct{}

func (noLogs) Query(context.Context, logs.Request) (<-chan logs.Message, error) {
	return nil, errors.New("the lab's provider has no logs: use kubectl logs")
}

// client asks the Kubernetes API with the pod's service account.
type client struct {
	base string
	http *http.Client
}

var errNotFound = errors.New("not found")

func inCluster() (*client, error) {
	authority, err := os.ReadFile(mountPath + "ca.crt")
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(authority) {
		return nil, fmt.Errorf("%sca.crt holds no certificate", mountPath)
	}
	return &client{
		base: "https://" + variable("KUBERNETES_SERVICE_HOST", "kubernetes.default.svc") + ":" +
			variable("KUBERNETES_SERVICE_PORT", "443"),
		http: &http.Client{Timeout: askTimeout, Transport: &http.Transport{
			TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}},
	}, nil
}

func (c *client) get(ctx context.Context, path string, into any) error {
	token, err := os.ReadFile(mountPath + "token") // it changes every hour
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+path, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+string(token))
	response, err := c.http.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	switch response.StatusCode {
	case http.StatusOK:
		return json.NewDecoder(response.Body).Decode(into)
	case http.StatusNotFound:
		return errNotFound
	default:
		return fmt.Errorf("the Kubernetes API answers %s to GET %s", response.Status, path)
	}
}

func answer(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(value); err != nil {
		log.Printf("answer: %v", err)
	}
}

func fail(w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	if errors.Is(err, errNotFound) {
		status = http.StatusNotFound
	}
	http.Error(w, err.Error(), status)
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
