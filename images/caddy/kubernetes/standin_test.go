package kubernetes

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

const (
	namespace = "edge"
	token     = "the token"
)

// In the place of the Kubernetes API: Secrets and Leases as kube-apiserver v1.34 treats them.
//   - create: 409 if the name is taken; update: 404 if it is not, 409 if it has another
//     resourceVersion or uid than the request (source: apiserver pkg/registry/generic/registry,
//     Store.Update). An update of a Secret may leave the resourceVersion out, one of a Lease may
//     not, and would create a missing one (registry/core/secret and coordination/lease, strategy.go).
//   - delete: 409 if a precondition is not met (apiserver pkg/apis/meta, Preconditions).
//   - 422 for a Secret of more than 1 MiB (pkg/apis/core/validation, ValidateSecret).
type standIn struct {
	*httptest.Server
	mu      sync.Mutex
	objects map[string]map[string]any
	version int
	down    atomic.Bool
}

func newStandIn(t *testing.T) *standIn {
	s := &standIn{objects: map[string]map[string]any{}}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

// A folder as Kubernetes mounts it into a pod.
func credentials(t *testing.T) string {
	folder := t.TempDir()
	for name, text := range map[string]string{"token": token, "namespace": namespace} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func answer(w http.ResponseWriter, code int, object any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(object)
}

func refuse(w http.ResponseWriter, code int, message string) {
	answer(w, code, map[string]any{"kind": "Status", "code": code, "message": message})
}

func meta(object map[string]any) map[string]any {
	found, _ := object["metadata"].(map[string]any)
	return found
}

func (s *standIn) serve(w http.ResponseWriter, r *http.Request) {
	if s.down.Load() {
		panic(http.ErrAbortHandler)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Header.Get("Authorization") != "Bearer "+token {
		refuse(w, 401, "Unauthorized")
		return
	}
	resource, name, ok := resourceOf(r.URL.Path)
	if !ok {
		refuse(w, 404, "the server could not find the requested resource")
		return
	}
	body := map[string]any{}
	text, _ := io.ReadAll(r.Body)
	if len(text) > 0 {
		if err := json.Unmarshal(text, &body); err != nil {
			refuse(w, 400, err.Error())
			return
		}
	}
	key := resource + "/" + name
	there, exists := s.objects[key]
	switch r.Method {
	case http.MethodGet:
		switch {
		case name == "":
			s.list(w, r, resource)
		case exists:
			answer(w, 200, there)
		default:
			refuse(w, 404, key+" not found")
		}
	case http.MethodPost:
		key = resource + "/" + meta(body)["name"].(string)
		if _, taken := s.objects[key]; taken {
			refuse(w, 409, key+" already exists")
			return
		}
		s.put(w, 201, key, body, "")
	case http.MethodPut:
		uid, _ := meta(body)["uid"].(string)
		version, _ := meta(body)["resourceVersion"].(string)
		switch {
		case !exists && (resource == "secrets" || uid != ""):
			refuse(w, map[bool]int{true: 409, false: 404}[uid != ""], key+" not found")
		case exists && uid != "" && uid != meta(there)["uid"],
			exists && version != "" && version != meta(there)["resourceVersion"]:
			refuse(w, 409, "the object has been modified")
		case exists && version == "" && resource == "leases":
			refuse(w, 422, "metadata.resourceVersion: must be specified for an update")
		default:
			uid, _ := meta(there)["uid"].(string)
			s.put(w, 200, key, body, uid)
		}
	case http.MethodDelete:
		if !exists {
			refuse(w, 404, key+" not found")
			return
		}
		wanted, _ := body["preconditions"].(map[string]any)
		for field, value := range wanted {
			if meta(there)[field] != value {
				refuse(w, 409, "Precondition failed: "+field)
				return
			}
		}
		delete(s.objects, key)
		answer(w, 200, map[string]any{"kind": "Status", "status": "Success"})
	}
}

func resourceOf(path string) (resource, name string, ok bool) {
	for resource, prefix := range map[string]string{
		"secrets": "/api/v1/namespaces/" + namespace + "/secrets",
		"leases":  "/apis/coordination.k8s.io/v1/namespaces/" + namespace + "/leases",
	} {
		if rest, found := strings.CutPrefix(path, prefix); found {
			return resource, strings.TrimPrefix(rest, "/"), true
		}
	}
	return "", "", false
}

func (s *standIn) put(w http.ResponseWriter, code int, key string, object map[string]any, uid string) {
	if data, ok := object["data"].(map[string]any); ok {
		size := 0
		for _, value := range data {
			content, _ := base64.StdEncoding.DecodeString(value.(string))
			size += len(content)
		}
		if size > 1<<20 {
			refuse(w, 422, "data: Too long: may not be more than 1048576 bytes")
			return
		}
	}
	s.version++
	if uid == "" {
		uid = "uid-" + strconv.Itoa(s.version)
	}
	meta(object)["uid"] = uid
	meta(object)["resourceVersion"] = strconv.Itoa(s.version)
	s.objects[key] = object
	answer(w, code, object)
}

func (s *standIn) list(w http.ResponseWriter, r *http.Request, resource string) {
	label := r.URL.Query().Get("labelSelector")
	items := []any{}
	for key, object := range s.objects {
		labels, _ := meta(object)["labels"].(map[string]any)
		if _, ok := labels[label]; strings.HasPrefix(key, resource+"/") && (label == "" || ok) {
			items = append(items, object)
		}
	}
	answer(w, 200, map[string]any{"items": items})
}

// The names of the objects.
func (s *standIn) names(resource string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []string
	for key := range s.objects {
		if name, ok := strings.CutPrefix(key, resource+"/"); ok {
			names = append(names, name)
		}
	}
	return names
}
