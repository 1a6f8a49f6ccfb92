// lab-echo: a function that answers with what reached it: method, path, query and headers. ?answer=503 makes it answer with
// another status. It logs a line for each call, with the id and who called, so that tests see the calls of a queue as well.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

const callerPrefix = "Nordfaas-Caller-"

// call is what reached it.
type call struct {
	Method  string      `json:"method"`
	Path    string      `json:"path"`
	Query   string      `json:"query"`
	Headers http.Header `json:"headers"`
}

// line is what it logs of a call.
type line struct {
	ID     string            `json:"id"`
	Status int               `json:"status"`
	Caller map[string]string `json:"caller"`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	server := &http.Server{Addr: ":8080", Handler: handler(logger(os.Stdout)), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		<-ctx.Done()
		inFlight, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := server.Shutdown(inFlight); err != nil {
			log.Print(err)
		}
	}()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		log.Fatal(err)
	}
}

// logger writes lines of JSON, one at a time.
func logger(out *os.File) func(line) {
	var mutex sync.Mutex
	encoder := json.NewEncoder(out)
	return func(l line) {
		mutex.Lock()
		defer mutex.Unlock()
		if err := encoder.Encode(l); err != nil {
			log.Print(err)
		}
	}
}

func handler(write func(line)) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/_/ready", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		status := http.StatusOK
		if asked, err := strconv.Atoi(r.URL.Query().Get("answer")); err == nil && asked >= 200 && asked <= 599 {
			status = asked
		}
		write(line{r.Header.Get("X-Call-Id"), status, caller(r.Header)})
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		if err := json.NewEncoder(w).Encode(call{r.Method, r.URL.Path, r.URL.RawQuery, r.Header}); err != nil {
			log.Print(err)
		}
	})
	return mux
}

// caller is who called, as the edge says: all values of each header, since there has to be one.
func caller(headers http.Header) map[string]string {
	found := map[string]string{}
	for name, values := range headers {
		if strings.HasPrefix(name, callerPrefix) {
			found[strings.ToLower(strings.TrimPrefix(name, callerPrefix))] = strings.Join(values, ", ")
		}
	}
	return found
}
