package main

import (
	"slices"
	"testing"
)

func merged(t *testing.T, contents ...string) map[string][]string {
	t.Helper()
	values, from := map[string][]string{}, map[string]string{}
	for _, content := range contents {
		if problems := merge("config.yaml", []byte(content), values, from); len(problems) > 0 {
			t.Fatal(problems)
		}
	}
	return values
}

// source: K3s, pkg/configfilearg/parser.go
func TestNumbersAreReadAsK3sReadsThem(t *testing.T) {
	values := merged(t, "write-kubeconfig-mode: 0600\ncluster-init: true\n")
	if mode := values["write-kubeconfig-mode"]; !slices.Equal(mode, []string{"384"}) {
		t.Errorf("%v", mode)
	}
	if initial := values["cluster-init"]; !slices.Equal(initial, []string{"true"}) {
		t.Errorf("%v", initial)
	}
}

func TestTextStaysAsItIsWritten(t *testing.T) {
	values := merged(t, `write-kubeconfig-mode: "0600"`)
	if mode := values["write-kubeconfig-mode"]; !slices.Equal(mode, []string{"0600"}) {
		t.Errorf("%v", mode)
	}
}

// source: K3s, pkg/clientaccess/token.go
func TestATokenInFullNamesTheCa(t *testing.T) {
	full := fullToken([]byte("x"), "node", "ag3nt")
	if full != "K102d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881::node:ag3nt" {
		t.Error(full)
	}
	for _, token := range []string{full, "ag3nt"} {
		if secret := secretOf(token); secret != "ag3nt" {
			t.Errorf("%s: %s", token, secret)
		}
	}
}

func TestALaterFileReplacesOrAppends(t *testing.T) {
	values := merged(t, "tls-san: a\nkubelet-arg: x=1\n", "tls-san+: [b]\nkubelet-arg: y=1\n")
	if names := values["tls-san"]; !slices.Equal(names, []string{"a", "b"}) {
		t.Errorf("%v", names)
	}
	if arguments := values["kubelet-arg"]; !slices.Equal(arguments, []string{"y=1"}) {
		t.Errorf("%v", arguments)
	}
}
