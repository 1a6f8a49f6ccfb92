package local

import "github.com/pulumi/pulumi-go-provider/infer"

// Logging says which of a command's streams are shown in the log; unset means both. (Each package has its own, as the
// type's token is made of the package's name.)
type Logging string

// The values of Logging.
const (
	LogStdout Logging = "stdout"
	LogStderr Logging = "stderr"
	LogBoth   Logging = "stdoutAndStderr"
	LogNone   Logging = "none"
)

// Values lists the values of the type.
func (Logging) Values() []infer.EnumValue[Logging] {
	return []infer.EnumValue[Logging]{
		{Name: "stdout", Value: LogStdout, Description: "Show stdout, not stderr"},
		{Name: "stderr", Value: LogStderr, Description: "Show stderr, not stdout"},
		{Name: "stdoutAndStderr", Value: LogBoth, Description: "Show stdout and stderr"},
		{Name: "none", Value: LogNone, Description: "Show nothing"},
	}
}

func (l *Logging) stdout() bool { return l == nil || *l == LogStdout || *l == LogBoth }

func (l *Logging) stderr() bool { return l == nil || *l == LogStderr || *l == LogBoth }
