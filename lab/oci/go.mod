module nordfaas.dev/lab/oci

go 1.24
