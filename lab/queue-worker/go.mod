module nordfaas.dev/lab/queue-worker

go 1.24.0

require github.com/openfaas/nats-queue-worker v0.0.0-20250415083406-ed5414157b54
