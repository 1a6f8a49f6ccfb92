package capture

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestOutputIsShownLineByLine(t *testing.T) {
	var log []string
	output := New(func(line string) { log = append(log, line) }, true, true)
	for _, part := range []string{"a", "b\nc", "\n\nd"} {
		fmt.Fprint(output.Stdout(), part)
	}
	stdout, _ := output.Done()
	if !slices.Equal(log, []string{"ab", "c", "", "d"}) || stdout != "ab\nc\n\nd" {
		t.Errorf("%q, %q", log, stdout)
	}
}

func TestLinesOfTheTwoStreamsAreNotMixed(t *testing.T) {
	var log []string
	output := New(func(line string) { log = append(log, line) }, true, true)
	fmt.Fprint(output.Stdout(), "out")
	fmt.Fprint(output.Stderr(), "err\n")
	fmt.Fprint(output.Stdout(), "put\n")
	if !slices.Equal(log, []string{"err", "output"}) {
		t.Errorf("%q", log)
	}
}

func TestAStreamThatIsNotToBeShownIsKeptOnly(t *testing.T) {
	output := New(func(line string) { t.Errorf("shown: %q", line) }, false, true)
	fmt.Fprintln(output.Stdout(), "hunter2")
	if stdout, _ := output.Done(); stdout != "hunter2" {
		t.Errorf("%q", stdout)
	}
	if err := output.Failed("create", errors.New("exit status 1")); strings.Contains(err.Error(), "hunter2") {
		t.Errorf("%v", err)
	}
}

func TestOneLastNewlineIsCutOff(t *testing.T) {
	output := New(func(string) {}, true, true)
	fmt.Fprint(output.Stderr(), "a\n\n")
	if _, stderr := output.Done(); stderr != "a\n" {
		t.Errorf("%q", stderr)
	}
}
