// Package capture keeps what a command writes, and shows it in the log as far as that is allowed.
package capture

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"
)

// Output is what one run of a command writes to its two streams.
type Output struct {
	stdout, stderr stream
	mu             sync.Mutex
	shown          bytes.Buffer // what may be shown of both streams, in order of arrival
	log            func(line string)
}

// New keeps both streams, and shows those that are asked for, line by line, to log.
func New(log func(line string), showStdout, showStderr bool) *Output {
	o := &Output{log: log}
	o.stdout = stream{output: o, show: showStdout}
	o.stderr = stream{output: o, show: showStderr}
	return o
}

// Stdout takes the command's standard output.
func (o *Output) Stdout() io.Writer { return &o.stdout }

// Stderr takes the command's standard error.
func (o *Output) Stderr() io.Writer { return &o.stderr }

// Done ends the run: a last line without end is shown too. It returns both streams, each without its last newline.
func (o *Output) Done() (stdout, stderr string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.stdout.flush()
	o.stderr.flush()
	return strings.TrimSuffix(o.stdout.all.String(), "\n"), strings.TrimSuffix(o.stderr.all.String(), "\n")
}

// Failed explains why the command of that step failed. It neither repeats the command, which may hold secrets, nor any
// output that may not be shown.
func (o *Output) Failed(step string, err error) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.stdout.show || !o.stderr.show {
		fmt.Fprintln(&o.shown, "(output that is not to be logged is left out)")
	}
	return fmt.Errorf("%s command: %w:\n%s", step, err, strings.TrimSuffix(o.shown.String(), "\n"))
}

type stream struct {
	output *Output
	show   bool
	all    bytes.Buffer
	line   bytes.Buffer
}

// Write never fails.
func (s *stream) Write(data []byte) (int, error) {
	s.output.mu.Lock()
	defer s.output.mu.Unlock()
	s.all.Write(data)
	if !s.show {
		return len(data), nil
	}
	s.output.shown.Write(data)
	rest := data
	for {
		line, after, found := bytes.Cut(rest, []byte("\n"))
		s.line.Write(line)
		if !found {
			return len(data), nil
		}
		s.emit()
		rest = after
	}
}

func (s *stream) flush() {
	if s.line.Len() > 0 {
		s.emit()
	}
}

func (s *stream) emit() {
	s.output.log(s.line.String())
	s.line.Reset()
}
