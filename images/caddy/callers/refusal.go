package callers

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// A way in, as it is logged and counted.
type way string

const (
	noWay          way = "none"
	tokenWay       way = "token"
	apiKeyWay      way = "api_key"
	basicWay       way = "basic"
	certificateWay way = "certificate"
	publicWay      way = "public"
)

// Why a request does not go on. None of its texts has anything of the request in it.
type refusal struct {
	status     int
	way        way
	issuer     string // or authority: its name in the config
	reason     string // for log and metric
	detail     string // for the caller
	code       string // of RFC 6750, section 3.1
	scopes     []string
	retryAfter time.Duration
}

func (r refusal) about(way way) *refusal {
	r.way = way
	return &r
}

func unauthorized(way way, reason, detail string) *refusal {
	return &refusal{status: http.StatusUnauthorized, way: way, reason: reason, detail: detail}
}

func forbidden(way way, reason, detail string) *refusal {
	return &refusal{status: http.StatusForbidden, way: way, reason: reason, detail: detail}
}

func invalidRequest(way way, reason, detail string) *refusal {
	return &refusal{status: http.StatusBadRequest, way: way, reason: reason, detail: detail, code: "invalid_request"}
}

func invalidToken(reason, detail string) *refusal {
	return &refusal{status: http.StatusUnauthorized, way: tokenWay, reason: reason, detail: detail, code: "invalid_token"}
}

func malformedToken() *refusal { return invalidToken("malformed", "the token is malformed") }

func insufficientScope(reason, detail string, scopes []string) *refusal {
	return &refusal{status: http.StatusForbidden, way: tokenWay, reason: reason, detail: detail, code: "insufficient_scope", scopes: scopes}
}

func noKeysYet(retryAfter time.Duration) *refusal {
	return &refusal{
		status: http.StatusServiceUnavailable, way: tokenWay, reason: "no_keys",
		detail: "the keys of the token's issuer are not known yet", retryAfter: max(retryAfter, time.Second),
	}
}

func tooMany(reason, detail string, retryAfter time.Duration) *refusal {
	return &refusal{status: http.StatusTooManyRequests, reason: reason, detail: detail, retryAfter: max(retryAfter, time.Second)}
}

// The challenges of a route, one for each way in (RFC 9110, section 11.6.1).
func (h *Handler) challenges(refused *refusal) []string {
	realm := fmt.Sprintf(`realm="%s"`, h.app.Realm)
	var challenges []string
	if len(h.Tokens) > 0 {
		bearer := "Bearer " + realm
		if refused.code != "" {
			bearer += fmt.Sprintf(`, error="%s", error_description="%s"`, refused.code, refused.detail)
		}
		if len(refused.scopes) > 0 {
			bearer += fmt.Sprintf(`, scope="%s"`, strings.Join(refused.scopes, " "))
		}
		challenges = append(challenges, bearer)
	}
	if refused.status != http.StatusUnauthorized {
		return challenges
	}
	if len(h.APIKeys) > 0 {
		challenges = append(challenges, "ApiKey "+realm)
	}
	if len(h.Basic) > 0 {
		challenges = append(challenges, "Basic "+realm+`, charset="UTF-8"`)
	}
	if len(challenges) == 0 {
		// Not registered, but there has to be one.
		challenges = append(challenges, "ClientCertificate "+realm)
	}
	return challenges
}

// Answers as intake does (RFC 9457).
func (h *Handler) answer(w http.ResponseWriter, refused *refusal) {
	header := w.Header()
	if refused.status == http.StatusUnauthorized || refused.code != "" {
		for _, challenge := range h.challenges(refused) {
			header.Add("WWW-Authenticate", challenge)
		}
	}
	if refused.retryAfter > 0 {
		header.Set("Retry-After", strconv.Itoa(int(math.Ceil(refused.retryAfter.Seconds()))))
	}
	body, err := json.Marshal(struct {
		Title  string `json:"title"`
		Status int    `json:"status"`
		Detail string `json:"detail"`
	}{http.StatusText(refused.status), refused.status, refused.detail})
	if err != nil {
		body = nil
	}
	header.Set("Content-Type", "application/problem+json")
	header.Set("Content-Length", strconv.Itoa(len(body)))
	header.Set("Cache-Control", "no-store")
	w.WriteHeader(refused.status)
	_, _ = w.Write(body)
}
