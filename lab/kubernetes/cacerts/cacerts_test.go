package cacerts

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
)

func answer(t *testing.T, file, method, path string) *httptest.ResponseRecorder {
	t.Helper()
	rest := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, r.URL.Path, http.StatusUnauthorized)
	})
	recorder := httptest.NewRecorder()
	With(file, rest).ServeHTTP(recorder, httptest.NewRequest(method, path, nil))
	return recorder
}

func TestAnybodyIsGivenTheAuthority(t *testing.T) {
	file := filepath.Join(t.TempDir(), "server-ca.crt")
	if err := os.WriteFile(file, []byte("the authority\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	found := answer(t, file, http.MethodGet, "/cacerts")
	if found.Code != http.StatusOK || found.Body.String() != "the authority\n" {
		t.Errorf("%d %q", found.Code, found.Body)
	}
}

func TestTheRestIsTheAPIs(t *testing.T) {
	for _, path := range []string{"/", "/cacerts/", "/api/../cacerts", "/api//v1"} {
		if found := answer(t, "none", http.MethodGet, path); found.Code != http.StatusUnauthorized || found.Body.String() != path+"\n" {
			t.Errorf("%s: %d %q", path, found.Code, found.Body)
		}
	}
}

func TestNothingIsTakenThere(t *testing.T) {
	if found := answer(t, "none", http.MethodPost, "/cacerts"); found.Code != http.StatusMethodNotAllowed {
		t.Errorf("%d", found.Code)
	}
}

func TestAnAuthorityThatIsNotThereYetIsTold(t *testing.T) {
	if found := answer(t, filepath.Join(t.TempDir(), "none"), http.MethodGet, "/cacerts"); found.Code != http.StatusServiceUnavailable {
		t.Errorf("%d", found.Code)
	}
}
