package main

import (
	"bytes"
	"fmt"
	"net/netip"
	"os/exec"
	"strings"
)

const (
	masquerading = "FLANNEL-POSTRTG"
	forwarding   = "FLANNEL-FWD"
	ofKubeProxy  = "0x4000/0x4000" // what kube-proxy masquerades itself
)

// rule of iptables, without the action.
type rule struct {
	table, chain string
	words        []string
}

// rules masquerade what leaves the pod network and leave alone what stays in it, and let both be forwarded. They are
// flannel's, in its order (pkg/trafficmngr/iptables/iptables.go, masqRules and forwardRules).
func rules(cluster, subnet netip.Prefix) []rule {
	made := func(table, chain, comment, match, target string) rule {
		words := append(strings.Fields(match), "-m", "comment", "--comment", comment)
		return rule{table, chain, append(words, strings.Fields(target)...)}
	}
	masq := func(chain, match, target string) rule { return made("nat", chain, "flanneld masq", match, target) }
	forward := func(chain, match, target string) rule {
		return made("filter", chain, "flanneld forward", match, target)
	}
	from, to := "-s "+cluster.String(), "-d "+cluster.String()
	fromOwn, toOwn := "-s "+subnet.String(), "-d "+subnet.String()
	return []rule{
		masq("POSTROUTING", "", "-j "+masquerading),
		masq(masquerading, "-m mark --mark "+ofKubeProxy, "-j RETURN"),
		masq(masquerading, fromOwn+" "+to, "-j RETURN"),
		masq(masquerading, from+" "+toOwn, "-j RETURN"),
		masq(masquerading, "! "+from+" "+toOwn, "-j RETURN"),
		masq(masquerading, from+" ! -d 224.0.0.0/4", "-j MASQUERADE --random-fully"),
		masq(masquerading, "! "+from+" "+to, "-j MASQUERADE --random-fully"),
		forward("FORWARD", "", "-j "+forwarding),
		forward(forwarding, from, "-j ACCEPT"),
		forward(forwarding, to, "-j ACCEPT"),
	}
}

// ensureRules writes all of them in one transaction if one is missing.
func ensureRules(wanted []rule) error {
	there := make([]bool, len(wanted))
	missing := false
	for i, r := range wanted {
		there[i] = command("", "iptables", append([]string{"-w", "-t", r.table, "-C", r.chain}, r.words...)...) == nil
		missing = missing || !there[i]
	}
	if !missing {
		return nil
	}
	return command(transaction(wanted, there), "iptables-restore", "-w", "--noflush")
}

// transaction is the input of iptables-restore. It empties the chains that it declares; what is there in chains of
// others is deleted first.
func transaction(wanted []rule, there []bool) string {
	var text strings.Builder
	for _, own := range []struct{ table, chain string }{{"nat", masquerading}, {"filter", forwarding}} {
		fmt.Fprintf(&text, "*%s\n:%s - [0:0]\n", own.table, own.chain)
		for i, r := range wanted {
			if r.table != own.table {
				continue
			}
			if there[i] && r.chain != own.chain {
				fmt.Fprintf(&text, "-D %s\n", quoted(r))
			}
			fmt.Fprintf(&text, "-A %s\n", quoted(r))
		}
		text.WriteString("COMMIT\n")
	}
	return text.String()
}

func quoted(r rule) string {
	words := []string{r.chain}
	for _, word := range r.words {
		if strings.Contains(word, " ") {
			word = `"` + word + `"`
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

func command(input, program string, arguments ...string) error {
	command := exec.Command(program, arguments...)
	command.Stdin = strings.NewReader(input)
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w: %s", program, strings.Join(arguments, " "), err, bytes.TrimSpace(output))
	}
	return nil
}
