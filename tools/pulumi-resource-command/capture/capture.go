// Package capture keeps what a command writes, and shows it in the log as far as that is asked for, with what the
// official plugin's way of doing it brings along.
package capture

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"
)

// Output is what one run of a command writes to its two streams.
type Output struct {
	stdout, stderr stream
	both           locked // in order of arrival, for an error
	shown          *io.PipeWriter
	logged         chan struct{}
}

// New keeps both streams, and shows those that are asked for, line by line, to log. Lines are made of what arrives from
// the two together. A line of 64 KiB or more ends the showing, and with it everything: nobody reads on, and the command
// waits without end to write.
func New(log func(line string), showStdout, showStderr bool) *Output {
	reader, writer := io.Pipe()
	o := &Output{shown: writer, logged: make(chan struct{})}
	o.stdout = stream{output: o, show: showStdout}
	o.stderr = stream{output: o, show: showStderr}
	go func() {
		defer close(o.logged)
		lines := bufio.NewScanner(reader)
		for lines.Scan() {
			log(lines.Text())
		}
	}()
	return o
}

// Stdout takes the command's standard output.
func (o *Output) Stdout() io.Writer { return &o.stdout }

// Stderr takes the command's standard error.
func (o *Output) Stderr() io.Writer { return &o.stderr }

// Done ends the run: a last line without end is shown too. It returns both streams, each without its last newline.
func (o *Output) Done() (stdout, stderr string) {
	_ = o.shown.Close()
	<-o.logged
	return strings.TrimSuffix(o.stdout.all.String(), "\n"), strings.TrimSuffix(o.stderr.all.String(), "\n")
}

// Failed is the official plugin's error: it repeats the command and all of its output, shown or not. A command may
// therefore hold no secret, nor print one before the last thing that can fail.
func (o *Output) Failed(command string, err error) error {
	return fmt.Errorf("%w: running %q:\n%s", err, command, o.both.String())
}

type stream struct {
	output *Output
	show   bool
	all    bytes.Buffer
}

func (s *stream) Write(data []byte) (int, error) {
	s.all.Write(data)
	s.output.both.Write(data)
	if s.show {
		return s.output.shown.Write(data)
	}
	return len(data), nil
}

type locked struct {
	mutex  sync.Mutex
	buffer bytes.Buffer
}

func (l *locked) Write(data []byte) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.buffer.Write(data)
}

func (l *locked) String() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.buffer.String()
}
