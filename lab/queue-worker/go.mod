module nordfaas.dev/lab/queue-worker

go 1.24.0

require github.com/openfaas/nats-queue-worker v0.0.0-20230117214128-3615ccb286cc
