// Package cacerts answers as K3s does at /cacerts, to anybody.
package cacerts

import (
	"net/http"
	"os"
)

// With is a handler that gives the certificates in a file, and leaves the rest to another handler.
func With(file string, rest http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /cacerts", func(w http.ResponseWriter, _ *http.Request) {
		content, err := os.ReadFile(file)
		if err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", "text/plain")
		_, _ = w.Write(content)
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/cacerts" { // the mux would clean the paths of all others
			mux.ServeHTTP(w, r)
			return
		}
		rest.ServeHTTP(w, r)
	})
}
