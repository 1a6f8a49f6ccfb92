package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gorilla/mux"
	"github.com/openfaas/faas-provider/types"
	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	appslisters "k8s.io/client-go/listers/apps/v1"
	corelisters "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/tools/cache"
)

// functionPort is the one port on which faas-netes calls a function.
const functionPort = "8080"

// functions is what the cluster has of them, kept up to date by watching it.
type functions struct {
	namespace   string
	deployments appslisters.DeploymentNamespaceLister
	endpoints   corelisters.EndpointsNamespaceLister
	hasSynced   []cache.InformerSynced
}

// watch begins to follow the Deployments and Endpoints of the namespace, until ctx is done.
func watch(ctx context.Context, client kubernetes.Interface, namespace string) *functions {
	factory := informers.NewSharedInformerFactoryWithOptions(client, 0, informers.WithNamespace(namespace))
	deployments := factory.Apps().V1().Deployments()
	// Endpoints, not EndpointSlices: the role of the Community Edition's provider has no more.
	endpoints := factory.Core().V1().Endpoints()
	watched := &functions{
		namespace:   namespace,
		deployments: deployments.Lister().Deployments(namespace),
		endpoints:   endpoints.Lister().Endpoints(namespace),
		hasSynced:   []cache.InformerSynced{deployments.Informer().HasSynced, endpoints.Informer().HasSynced},
	}
	factory.Start(ctx.Done())
	return watched
}

// synced waits until all that is there has been read.
func (f *functions) synced(ctx context.Context, within time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	if !cache.WaitForCacheSync(ctx.Done(), f.hasSynced...) {
		return fmt.Errorf("the Kubernetes API has not told them within %s", within)
	}
	return nil
}

// Resolve is the proxy's question where a function is: on any pod of its that is ready.
func (f *functions) Resolve(name string) (url.URL, error) {
	name = strings.TrimSuffix(name, "."+f.namespace)
	if _, err := f.find(name); err != nil {
		return url.URL{}, err
	}
	found, err := f.endpoints.Get(name)
	if err != nil {
		return url.URL{}, err
	}
	addresses := ready(found)
	if len(addresses) == 0 {
		return url.URL{}, fmt.Errorf("function %s has no ready pod", name)
	}
	address := addresses[rand.IntN(len(addresses))]
	return url.URL{Scheme: "http", Host: net.JoinHostPort(address, functionPort)}, nil
}

func ready(endpoints *core.Endpoints) []string {
	var addresses []string
	for _, subset := range endpoints.Subsets {
		for _, address := range subset.Addresses {
			addresses = append(addresses, address.IP)
		}
	}
	return addresses
}

func (f *functions) find(name string) (*apps.Deployment, error) {
	found, err := f.deployments.Get(name)
	if err != nil {
		return nil, err
	}
	if _, isFunction := found.Labels[label]; !isFunction {
		return nil, errors.New(name + " is no function")
	}
	return found, nil
}

func (f *functions) list(w http.ResponseWriter, _ *http.Request) {
	isFunction, err := labels.Parse(label)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	found, err := f.deployments.List(isFunction)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	statuses := []types.FunctionStatus{}
	for _, deployment := range found {
		statuses = append(statuses, f.status(deployment))
	}
	answer(w, statuses)
}

func (f *functions) one(w http.ResponseWriter, r *http.Request) {
	found, err := f.find(mux.Vars(r)["name"])
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	answer(w, f.status(found))
}

func (f *functions) status(d *apps.Deployment) types.FunctionStatus {
	status := types.FunctionStatus{
		Name: d.Name, Namespace: f.namespace, AvailableReplicas: uint64(d.Status.AvailableReplicas),
		CreatedAt: d.CreationTimestamp.Time, Labels: &d.Labels, Annotations: &d.Annotations,
	}
	if d.Spec.Replicas != nil {
		status.Replicas = uint64(*d.Spec.Replicas)
	}
	if containers := d.Spec.Template.Spec.Containers; len(containers) > 0 {
		status.Image = containers[0].Image
	}
	return status
}
