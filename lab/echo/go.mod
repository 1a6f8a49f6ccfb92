module nordfaas.dev/lab/echo

go 1.24.0
