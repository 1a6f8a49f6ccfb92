package main

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"testing"
)

func send(t *testing.T, target string, headers http.Header) (*httptest.ResponseRecorder, []line) {
	t.Helper()
	var lines []line
	request := httptest.NewRequest(http.MethodPost, target, nil)
	request.Header = headers
	response := httptest.NewRecorder()
	handler(func(l line) { lines = append(lines, l) }).ServeHTTP(response, request)
	return response, lines
}

func TestAnswersWithWhatReachedIt(t *testing.T) {
	response, _ := send(t, "/a/b?c=d", http.Header{"X-Tenant": {"7", "8"}})
	var got call
	if err := json.Unmarshal(response.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if response.Code != http.StatusOK || got.Method != "POST" || got.Path != "/a/b" || got.Query != "c=d" ||
		len(got.Headers["X-Tenant"]) != 2 {
		t.Errorf("%d %+v", response.Code, got)
	}
}

func TestLogsTheIdAndWhoCalled(t *testing.T) {
	_, lines := send(t, "/", http.Header{
		"X-Call-Id":               {"17"},
		"Nordfaas-Caller-Issuer":  {"https://issuer.test/"},
		"Nordfaas-Caller-Subject": {"one", "two"},
		"X-Tenant":                {"7"},
	})
	expected := map[string]string{"issuer": "https://issuer.test/", "subject": "one, two"}
	if len(lines) != 1 || lines[0].ID != "17" || lines[0].Status != http.StatusOK || !maps.Equal(lines[0].Caller, expected) {
		t.Errorf("%+v", lines)
	}
}

func TestAnswersWithTheStatusThatIsAskedFor(t *testing.T) {
	for target, expected := range map[string]int{"/?answer=503": 503, "/?answer=100": 200, "/?answer=x": 200} {
		if response, lines := send(t, target, nil); response.Code != expected || lines[0].Status != expected {
			t.Errorf("%s: %d %+v", target, response.Code, lines)
		}
	}
}

func TestReadinessIsNoCall(t *testing.T) {
	if response, lines := send(t, "/_/ready", nil); response.Code != http.StatusOK || len(lines) != 0 {
		t.Errorf("%d %+v", response.Code, lines)
	}
}
