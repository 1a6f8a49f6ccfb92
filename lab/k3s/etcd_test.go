package main

import "testing"

// source: K3s, pkg/etcd/etcd.go, Join
func TestAMemberIsNamedAfterItsNode(t *testing.T) {
	for member, node := range map[string]string{"lab-1-4edc6992": "lab-1", "oslo-4edc6992": "oslo", "plain": "plain"} {
		if found := nodeOf(member); found != node {
			t.Errorf("%s: %s", member, found)
		}
	}
}
