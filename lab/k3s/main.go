// Command lab-k3s stands where K3s stands on a real node: it reads K3s' config files and runs
// upstream Kubernetes of the same minor version the way K3s would. It is for the lab only.
//
//	lab-k3s-install [server | agent]   brings the node to what the config files say, and waits until it is ready
//	lab-k3s supervise                  runs the components; k3s.service or k3s-agent.service does this
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	arguments := os.Args[1:]
	if filepath.Base(os.Args[0]) == "lab-k3s-install" {
		arguments = append([]string{"install"}, arguments...)
	}
	var err error
	switch strings.Join(arguments, " ") {
	case "install", "install server":
		err = install(serverRole)
	case "install agent":
		err = install(agentRole)
	case "supervise":
		err = supervise()
	default:
		fmt.Fprintln(os.Stderr, "usage: lab-k3s-install [server | agent]\n       lab-k3s supervise")
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "lab-k3s: error: %v\n", err)
		os.Exit(1)
	}
}

// problem says what is wrong, why, and how to fix it.
func problem(what, why, fix string) error {
	return fmt.Errorf("%s\n  why:  %s\n  fix:  %s", what, strings.ReplaceAll(why, "\n", "\n        "), fix)
}
