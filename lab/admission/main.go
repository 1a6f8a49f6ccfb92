// Admits or refuses pods as the Kubernetes API server does with one ValidatingAdmissionPolicy: its own admission plug-in,
// on objects from standard input instead of a cluster. Reads a JSON object with the fields policy, binding and requests, and
// writes one line per request: its name, a tab, and nothing or the reason of the refusal.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizerfactory"
	dynamicfake "k8s.io/client-go/dynamic/fake"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/kubernetes/scheme"
)

type request struct {
	Name        string
	Operation   admission.Operation
	Subresource string
	Object      corev1.Pod
}

type input struct {
	Policy   admissionv1.ValidatingAdmissionPolicy
	Binding  admissionv1.ValidatingAdmissionPolicyBinding
	Requests []request
}

// defaulted sets what the API server would.
func defaulted(match *admissionv1.MatchResources) {
	equivalent, all := admissionv1.Equivalent, admissionv1.AllScopes
	if match.MatchPolicy == nil {
		match.MatchPolicy = &equivalent
	}
	if match.NamespaceSelector == nil {
		match.NamespaceSelector = &metav1.LabelSelector{}
	}
	if match.ObjectSelector == nil {
		match.ObjectSelector = &metav1.LabelSelector{}
	}
	for i := range match.ResourceRules {
		if match.ResourceRules[i].Scope == nil {
			match.ResourceRules[i].Scope = &all
		}
	}
}

func run() error {
	var in input
	decoder := json.NewDecoder(os.Stdin)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&in); err != nil {
		return err
	}
	defaulted(in.Policy.Spec.MatchConstraints)
	if in.Binding.Spec.MatchResources != nil {
		defaulted(in.Binding.Spec.MatchResources)
	}

	namespaces := map[string]bool{}
	client := fake.NewClientset(&in.Policy, &in.Binding)
	for _, it := range in.Requests {
		if namespaces[it.Object.Namespace] {
			continue
		}
		namespaces[it.Object.Namespace] = true
		namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: it.Object.Namespace}}
		if err := client.Tracker().Add(namespace); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	factory := informers.NewSharedInformerFactory(client, 0)
	mapper := meta.NewDefaultRESTMapper([]schema.GroupVersion{corev1.SchemeGroupVersion})
	mapper.Add(corev1.SchemeGroupVersion.WithKind("Pod"), meta.RESTScopeNamespace)
	plugin := validating.NewPlugin(nil)
	plugin.SetExternalKubeClientSet(client)
	plugin.SetExternalKubeInformerFactory(factory)
	plugin.SetDynamicClient(dynamicfake.NewSimpleDynamicClient(scheme.Scheme))
	plugin.SetRESTMapper(mapper)
	plugin.SetAuthorizer(authorizerfactory.NewAlwaysDenyAuthorizer())
	plugin.SetDrainedNotification(ctx.Done())
	if err := plugin.ValidateInitialization(); err != nil {
		return err
	}
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())

	objects := admission.NewObjectInterfacesFromScheme(scheme.Scheme)
	for i := range in.Requests {
		it := &in.Requests[i]
		pod := it.Object.DeepCopy()
		attributes := admission.NewAttributesRecord(pod, pod.DeepCopy(), corev1.SchemeGroupVersion.WithKind("Pod"),
			pod.Namespace, pod.Name, corev1.SchemeGroupVersion.WithResource("pods"), it.Subresource, it.Operation, nil, false,
			&user.DefaultInfo{Name: "somebody"})
		reason := ""
		if err := plugin.Validate(ctx, attributes, objects); err != nil {
			reason = strings.Join(strings.Fields(err.Error()), " ")
		}
		fmt.Printf("%s\t%s\n", it.Name, reason)
	}
	return nil
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "admission:", err)
		os.Exit(1)
	}
}
