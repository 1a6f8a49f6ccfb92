package callers

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-jose/go-jose/v4/json"
)

// The claims of a token (RFC 7519).
type claims map[string]any

// Numbers stay as they are written. Names are there once, and text is UTF-8: otherwise two callers
// could look the same.
func parseClaims(text []byte) (claims, error) {
	if !utf8.Valid(text) {
		return nil, errors.New("not UTF-8")
	}
	var found claims
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.SetNumberType(json.UnmarshalJSONNumber)
	if err := decoder.Decode(&found); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); err != io.EOF || found == nil {
		return nil, errors.New("not one object")
	}
	return found, nil
}

// The claim with this name. Dots lead into objects, except in a name that is a URI, which has a colon
// (RFC 7519, section 2, StringOrURI).
func (c claims) find(name string) (any, bool) {
	if strings.Contains(name, ":") {
		value, ok := c[name]
		return value, ok
	}
	var value any = map[string]any(c)
	for part := range strings.SplitSeq(name, ".") {
		object, ok := value.(map[string]any)
		if !ok {
			return nil, false
		}
		if value, ok = object[part]; !ok {
			return nil, false
		}
	}
	return value, true
}

// What a claim says: one value, or those of an array, as text.
func (c claims) values(name string) []string {
	found, _ := c.find(name)
	elements, ok := found.([]any)
	if !ok {
		elements = []any{found}
	}
	var values []string
	for _, element := range elements {
		switch value := element.(type) {
		case string:
			values = append(values, value)
		case json.Number, bool:
			values = append(values, fmt.Sprint(value))
		}
	}
	return values
}

// A claim that is a string or an array of strings, such as aud.
func (c claims) strings(name string) ([]string, bool) {
	switch found := c[name].(type) {
	case nil:
		return nil, true
	case string:
		return []string{found}, true
	case []any:
		values := make([]string, 0, len(found))
		for _, element := range found {
			value, ok := element.(string)
			if !ok {
				return nil, false
			}
			values = append(values, value)
		}
		return values, true
	}
	return nil, false
}

// The scopes: scope, a list with spaces (RFC 8693, section 4.2), or else scp; some issuers have an
// array.
func (c claims) scopes() []string {
	for _, name := range []string{"scope", "scp"} {
		if values, ok := c.strings(name); ok && len(values) > 0 {
			return strings.Fields(strings.Join(values, " "))
		}
	}
	return nil
}

// A claim that is a time; false if it is none.
func (c claims) time(name string) (at time.Time, ok bool) {
	number, is := c[name].(json.Number)
	if !is {
		return time.Time{}, false
	}
	seconds, err := number.Float64()
	if err != nil || math.IsNaN(seconds) || math.Abs(seconds) > 1<<40 {
		return time.Time{}, false
	}
	whole, rest := math.Modf(seconds)
	return time.Unix(int64(whole), int64(rest*1e9)), true
}

// The claims with these names, as compact JSON in ASCII, sorted; empty if there are none.
func (c claims) passed(names []string) (string, error) {
	passed := map[string]any{}
	for _, name := range names {
		if value, ok := c.find(name); ok {
			passed[name] = value
		}
	}
	if len(passed) == 0 {
		return "", nil
	}
	text, err := json.Marshal(passed)
	if err != nil {
		return "", err
	}
	return asciiJSON(string(text)), nil
}

// What is not visible ASCII can only be in strings.
func asciiJSON(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return r >= 0x7f }) {
		return text
	}
	var ascii strings.Builder
	for _, r := range text {
		switch {
		case r < 0x7f:
			ascii.WriteRune(r)
		case r <= 0xffff:
			fmt.Fprintf(&ascii, `\u%04x`, r)
		default:
			r -= 0x10000
			fmt.Fprintf(&ascii, `\u%04x\u%04x`, 0xd800+(r>>10), 0xdc00+(r&0x3ff))
		}
	}
	return ascii.String()
}

func containsAll(all, wanted []string) bool {
	return !slices.ContainsFunc(wanted, func(it string) bool { return !slices.Contains(all, it) })
}
