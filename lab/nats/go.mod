module nordfaas.dev/lab/nats

go 1.26.0

require (
	github.com/nats-io/nats-server/v2 v2.15.2
	github.com/nats-io/natscli v0.5.1
)
