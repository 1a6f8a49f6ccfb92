package main

import "fmt"

// policy says what makes a name durable.
type policy int

const (
	// anyFsync: each fsync makes all names durable, of whatever file, in the order of their changes. So does ext4, whose
	// fsync commits the journal, and XFS. What they do beyond that is left out: commits every few seconds, and the content
	// of a file that is renamed over another.
	anyFsync policy = iota
	// ownFsync: only an fsync of the directory, or of a new file, which has its own name with it. That is the least a
	// program may expect of Linux (fsync(2)).
	ownFsync
	// atOnce: names are durable without an fsync, only content is not. So does LazyFS, which Jepsen uses.
	atOnce
)

const policies = "any-fsync (as ext4), own-fsync (that of its directory, or of a new file), at-once (as LazyFS)"

var policyNames = []string{"any-fsync", "own-fsync", "at-once"}

func (p policy) MarshalText() ([]byte, error) { return []byte(policyNames[p]), nil }

func (p *policy) UnmarshalText(text []byte) error {
	for i, name := range policyNames {
		if name == string(text) {
			*p = policy(i)
			return nil
		}
	}
	return fmt.Errorf("%q is none of %s", text, policies)
}
