package main

import (
	"slices"
	"strings"
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

func TestAnAgentNeedsAServerAndItsToken(t *testing.T) {
	_, err := interpret(map[string][]string{}, map[string]string{}, agentRole)
	if err == nil || !strings.Contains(err.Error(), "an agent needs server and token-file: the cluster that it joins") {
		t.Error(err)
	}
}

func TestAServerThatJoinsNeedsTheToken(t *testing.T) {
	values := map[string][]string{"server": {"https://10.78.0.2:6443"}, "node-ip": {"10.78.0.3"}}
	_, err := interpret(values, map[string]string{}, serverRole)
	if err == nil || !strings.Contains(err.Error(), "token-file: a server that joins another needs its token") {
		t.Error(err)
	}
}

func TestAServerIsNamedByItsURL(t *testing.T) {
	for text, valid := range map[string]bool{"https://10.78.0.2:6443": true, "10.78.0.2:6443": false, "http://10.78.0.2:6443": false, "https://10.78.0.2": false} {
		if err := readServer(&config{}, []string{text}); (err == nil) != valid {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestAServersSettingsHaveToBeTheClusters(t *testing.T) {
	c, err := interpret(map[string][]string{"node-ip": {"10.78.0.3"}}, map[string]string{}, serverRole)
	if err != nil {
		t.Fatal(err)
	}
	there := settings{"10.42.0.0/16", "10.43.0.0/16", "10.43.0.10", "vxlan"}
	if err := c.take(there); err != nil {
		t.Error(err)
	}
	there.FlannelBackend = "host-gw"
	if err := c.take(there); err == nil || !strings.HasPrefix(err.Error(), "critical configuration mismatched") {
		t.Error(err)
	}
}
