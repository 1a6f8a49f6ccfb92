module nordfaas.dev/lab/queue-worker-parallel

go 1.24.0

require github.com/openfaas/nats-queue-worker v0.0.0-20220805080536-d1d72d857b1c
