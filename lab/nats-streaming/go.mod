module nordfaas.dev/lab/nats-streaming

go 1.24.0

require github.com/nats-io/nats-streaming-server v0.25.6
