// Validates Kubernetes objects as the API server does when they are created: decoded strictly, defaulted and checked by
// the API server's own code, without a server. Reads one JSON object a line from standard input, and answers each with a
// line: a JSON list of what is wrong with it, warnings included, which is empty if nothing is.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/apiserver/pkg/warning"

	"k8s.io/kubernetes/pkg/api/legacyscheme"
	_ "k8s.io/kubernetes/pkg/apis/admissionregistration/install"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	_ "k8s.io/kubernetes/pkg/apis/autoscaling/install"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	"k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	_ "k8s.io/kubernetes/pkg/apis/node/install"
	_ "k8s.io/kubernetes/pkg/apis/policy/install"
	_ "k8s.io/kubernetes/pkg/apis/rbac/install"
	_ "k8s.io/kubernetes/pkg/apis/scheduling/install"
	"k8s.io/kubernetes/pkg/registry/admissionregistration/validatingadmissionpolicy"
	"k8s.io/kubernetes/pkg/registry/admissionregistration/validatingadmissionpolicybinding"
	"k8s.io/kubernetes/pkg/registry/apps/daemonset"
	"k8s.io/kubernetes/pkg/registry/apps/deployment"
	"k8s.io/kubernetes/pkg/registry/apps/statefulset"
	"k8s.io/kubernetes/pkg/registry/autoscaling/horizontalpodautoscaler"
	"k8s.io/kubernetes/pkg/registry/batch/cronjob"
	"k8s.io/kubernetes/pkg/registry/batch/job"
	"k8s.io/kubernetes/pkg/registry/core/configmap"
	"k8s.io/kubernetes/pkg/registry/core/limitrange"
	"k8s.io/kubernetes/pkg/registry/core/namespace"
	"k8s.io/kubernetes/pkg/registry/core/persistentvolumeclaim"
	"k8s.io/kubernetes/pkg/registry/core/pod"
	"k8s.io/kubernetes/pkg/registry/core/secret"
	"k8s.io/kubernetes/pkg/registry/core/service"
	"k8s.io/kubernetes/pkg/registry/core/serviceaccount"
	"k8s.io/kubernetes/pkg/registry/networking/networkpolicy"
	"k8s.io/kubernetes/pkg/registry/node/runtimeclass"
	"k8s.io/kubernetes/pkg/registry/policy/poddisruptionbudget"
	"k8s.io/kubernetes/pkg/registry/rbac/clusterrole"
	"k8s.io/kubernetes/pkg/registry/rbac/clusterrolebinding"
	"k8s.io/kubernetes/pkg/registry/rbac/role"
	"k8s.io/kubernetes/pkg/registry/rbac/rolebinding"
	"k8s.io/kubernetes/pkg/registry/scheduling/priorityclass"
)

var strategies = map[string]rest.RESTCreateStrategy{
	"ClusterRole":                      clusterrole.Strategy,
	"ClusterRoleBinding":               clusterrolebinding.Strategy,
	"ConfigMap":                        configmap.Strategy,
	"CronJob":                          cronjob.Strategy,
	"DaemonSet":                        daemonset.Strategy,
	"Deployment":                       deployment.Strategy,
	"HorizontalPodAutoscaler":          horizontalpodautoscaler.Strategy,
	"Job":                              job.Strategy,
	"LimitRange":                       limitrange.Strategy,
	"Namespace":                        namespace.Strategy,
	"NetworkPolicy":                    networkpolicy.Strategy,
	"PersistentVolumeClaim":            persistentvolumeclaim.Strategy,
	"Pod":                              pod.Strategy,
	"PodDisruptionBudget":              poddisruptionbudget.Strategy,
	"PriorityClass":                    priorityclass.Strategy,
	"Role":                             role.Strategy,
	"RoleBinding":                      rolebinding.Strategy,
	"RuntimeClass":                     runtimeclass.Strategy,
	"Secret":                           secret.Strategy,
	"Service":                          service.Strategy,
	"ServiceAccount":                   serviceaccount.Strategy,
	"StatefulSet":                      statefulset.Strategy,
	"ValidatingAdmissionPolicy":        validatingadmissionpolicy.NewStrategy(nil, nil),
	"ValidatingAdmissionPolicyBinding": validatingadmissionpolicybinding.NewStrategy(nil, nil, nil),
}

type warnings []string

func (w *warnings) AddWarning(_, text string) { *w = append(*w, "warning: "+text) }

var (
	scheme  = legacyscheme.Scheme
	decoder = serializer.NewCodecFactory(scheme, serializer.EnableStrict).UniversalDeserializer()
)

// check says what the API server would.
func check(document []byte) []string {
	versioned, kind, err := decoder.Decode(document, nil, nil)
	if err != nil {
		return []string{err.Error()}
	}
	scheme.Default(versioned)
	object, err := scheme.UnsafeConvertToVersion(versioned, schema.GroupVersion{Group: kind.Group, Version: runtime.APIVersionInternal})
	if err != nil {
		return []string{err.Error()}
	}
	strategy, known := strategies[kind.Kind]
	if !known {
		return []string{"no strategy for " + kind.String()}
	}
	accessor, err := meta.Accessor(object)
	if err != nil {
		return []string{err.Error()}
	}
	if strategy.NamespaceScoped() && accessor.GetNamespace() == "" {
		return []string{"metadata.namespace: is missing"}
	}
	rest.FillObjectMetaSystemFields(accessor)
	if it, is := object.(*core.Service); is && it.Spec.ClusterIP != "" {
		// As the API server's storage of Services does first.
		it.Spec.ClusterIPs = []string{it.Spec.ClusterIP}
	}
	found := &warnings{}
	ctx := warning.WithWarningRecorder(request.WithNamespace(context.Background(), accessor.GetNamespace()), found)
	wrong := []string{}
	if err := rest.BeforeCreate(strategy, ctx, object); err != nil {
		wrong = append(wrong, err.Error())
	}
	return append(wrong, *found...)
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for {
		line, err := in.ReadBytes('\n')
		if len(line) == 0 {
			return
		}
		if err := out.Encode(check(line)); err != nil {
			fmt.Fprintln(os.Stderr, "apivalidation:", err)
			os.Exit(1)
		}
		if err != nil {
			return
		}
	}
}
