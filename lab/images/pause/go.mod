module nordfaas.dev/lab/pause

go 1.24
