package capture

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
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

func TestTheTwoStreamsAreShownAsTheyArrive(t *testing.T) {
	var log []string
	output := New(func(line string) { log = append(log, line) }, true, true)
	fmt.Fprint(output.Stdout(), "out")
	fmt.Fprint(output.Stderr(), "err\n")
	fmt.Fprint(output.Stdout(), "put\n")
	output.Done()
	if !slices.Equal(log, []string{"outerr", "put"}) {
		t.Errorf("%q", log)
	}
}

func TestAStreamThatIsNotToBeShownIsKept(t *testing.T) {
	output := New(func(line string) { t.Errorf("shown: %q", line) }, false, true)
	fmt.Fprintln(output.Stdout(), "hunter2")
	if stdout, _ := output.Done(); stdout != "hunter2" {
		t.Errorf("%q", stdout)
	}
}

func TestFailureRepeatsCommandAndOutputThoughNothingIsToBeShown(t *testing.T) {
	output := New(func(line string) { t.Errorf("shown: %q", line) }, false, false)
	fmt.Fprintln(output.Stdout(), "one")
	fmt.Fprintln(output.Stderr(), "two")
	output.Done()
	err := output.Failed("a\nb", errors.New("exit status 1"))
	if err.Error() != "exit status 1: running \"a\\nb\":\none\ntwo\n" {
		t.Errorf("%q", err)
	}
}

func TestOneLastNewlineIsCutOff(t *testing.T) {
	output := New(func(string) {}, true, true)
	fmt.Fprint(output.Stderr(), "a\n\n")
	if _, stderr := output.Done(); stderr != "a\n" {
		t.Errorf("%q", stderr)
	}
}

func TestALineOf64KiBThatIsToBeShownIsWaitedForWithoutEnd(t *testing.T) {
	output := New(func(string) {}, true, true)
	written := make(chan struct{})
	go func() {
		fmt.Fprint(output.Stdout(), strings.Repeat("x", 64<<10), "\nmore\n")
		close(written)
	}()
	select {
	case <-written:
		t.Error("it was written")
	case <-time.After(300 * time.Millisecond):
	}
}

func TestALineOf64KiBThatIsNotToBeShownIsKept(t *testing.T) {
	output := New(func(string) {}, false, false)
	fmt.Fprint(output.Stdout(), strings.Repeat("x", 64<<10), "\nmore\n")
	if stdout, _ := output.Done(); len(stdout) != 64<<10+len("\nmore") {
		t.Errorf("%d bytes", len(stdout))
	}
}
