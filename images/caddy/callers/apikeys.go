package callers

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
)

const apiKeyHeader = "X-Api-Key"

// The keys, by their digests: keys are long and random, so that a plain digest gives none away.
type apiKeys struct {
	names   map[string]bool
	entries []apiKey
}

type apiKey struct {
	name string
	sum  digest
}

func readAPIKeys(path string) (apiKeys, error) {
	keys := apiKeys{names: map[string]bool{}}
	if path == "" {
		return keys, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return keys, err
	}
	var sums map[string][]string
	if err := json.Unmarshal(text, &sums); err != nil {
		return keys, fmt.Errorf(`%s: not of the form {"name": ["<SHA-256 in hex>"]}`, path)
	}
	owners := map[digest]string{}
	for _, name := range sortedKeys(sums) {
		if name == "" || len(headerText(name)) > maxIdentity {
			return keys, fmt.Errorf("%s: the name %q has to have 1 to %d characters", path, name, maxIdentity)
		}
		keys.names[name] = true
		for at, text := range sums[name] {
			var sum digest
			if decoded, err := hex.DecodeString(text); err != nil || copy(sum[:], decoded) != len(sum) || len(decoded) != len(sum) {
				return keys, fmt.Errorf("%s: %s: entry %d is not a SHA-256 in hex", path, name, at+1)
			}
			if owner, taken := owners[sum]; taken && owner != name {
				return keys, fmt.Errorf("%s: %s has the same key as %s: give each a key of its own", path, name, owner)
			}
			owners[sum] = name
			keys.entries = append(keys.entries, apiKey{name, sum})
		}
	}
	return keys, nil
}

// The name of the key. It always takes the same time.
func (k apiKeys) find(key string) (string, bool) {
	sum := sha256.Sum256([]byte(key))
	at := -1
	for i := range k.entries {
		at = subtle.ConstantTimeSelect(subtle.ConstantTimeCompare(k.entries[i].sum[:], sum[:]), i, at)
	}
	if at < 0 {
		return "", false
	}
	return k.entries[at].name, true
}
