package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// source: K3s, pkg/etcd/etcd.go, Join
func TestAMemberIsNamedAfterItsNode(t *testing.T) {
	for member, node := range map[string]string{"lab-1-4edc6992": "lab-1", "oslo-4edc6992": "oslo", "plain": "plain"} {
		if found := nodeOf(member); found != node {
			t.Errorf("%s: %s", member, found)
		}
	}
}

// etcdWith answers as an etcd of these members does, for as long as the test runs.
func etcdWith(t *testing.T, members ...etcdMember) *[]etcdMember {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v3/cluster/member/add" {
			var added struct {
				PeerURLs  []string `json:"peerURLs"`
				IsLearner bool     `json:"isLearner"`
			}
			if err := json.NewDecoder(r.Body).Decode(&added); err != nil {
				t.Error(err)
			}
			members = append(members, etcdMember{ID: "9", PeerURLs: added.PeerURLs, IsLearner: added.IsLearner})
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"members": members})
	}))
	before := etcdURL
	etcdURL = server.URL
	t.Cleanup(func() { etcdURL = before; server.Close() })
	return &members
}

func named(name, address string) etcdMember {
	return etcdMember{ID: name, Name: name, PeerURLs: []string{"https://" + address + ":2380"}}
}

func TestAnotherMachineIsRefusedWhileTheMemberOfItsNameIsThere(t *testing.T) {
	members := etcdWith(t, named("lab-1-aaaa", "10.78.0.2"), named("lab-2-bbbb", "10.78.0.3"), named("lab-3-cccc", "10.78.0.4"))
	_, err := addMember("lab-2-dddd", "https://10.78.0.3:2380")
	if err == nil || err.Error() != duplicateName || len(*members) != 3 {
		t.Errorf("%v %v", err, *members)
	}
}

func TestAnotherMachineJoinsAsALearnerBesideThoseThatAreLeft(t *testing.T) {
	members := etcdWith(t, named("lab-3-cccc", "10.78.0.4"), named("lab-1-aaaa", "10.78.0.2"))
	for range 2 { // asked again nothing is added
		m, err := addMember("lab-2-dddd", "https://10.78.0.3:2380")
		if err != nil {
			t.Fatal(err)
		}
		const cluster = "lab-1-aaaa=https://10.78.0.2:2380,lab-2-dddd=https://10.78.0.3:2380,lab-3-cccc=https://10.78.0.4:2380"
		if *m != (member{"lab-2-dddd", cluster, "existing"}) {
			t.Errorf("%+v", *m)
		}
		if len(*members) != 3 || !(*members)[2].IsLearner {
			t.Errorf("%+v", *members)
		}
	}
}

func names(members []etcdMember) string {
	var all []string
	for _, one := range members {
		all = append(all, one.Name)
	}
	return strings.Join(all, " ")
}

func TestTheMemberOfADeletedNodeLeavesAndTheOneInItsPlaceStays(t *testing.T) {
	seen := map[string]bool{}
	others := []etcdMember{named("lab-1-aaaa", "10.78.0.2"), named("lab-3-cccc", "10.78.0.4")}
	withOld := append([]etcdMember{named("lab-2-bbbb", "10.78.0.3")}, others...)
	withNew := append([]etcdMember{named("lab-2-dddd", "10.78.0.3")}, others...)
	two := []string{"lab-1", "lab-3"}
	for _, step := range []struct {
		what    string
		members []etcdMember
		nodes   []string
		left    string
	}{
		{"whole", withOld, []string{"lab-1", "lab-2", "lab-3"}, ""},
		{"the API is away", withOld, nil, ""},
		{"the node is deleted", withOld, two, "lab-2-bbbb"},
		{"tried again", withOld, two, "lab-2-bbbb"},
		{"the member is gone", others, two, ""},
		{"another has joined, and is no node yet", withNew, two, ""},
		{"whole again", withNew, []string{"lab-1", "lab-2", "lab-3"}, ""},
		{"deleted again", withNew, two, "lab-2-dddd"},
	} {
		if found := names(departed(seen, step.members, step.nodes)); found != step.left {
			t.Errorf("%s: %s", step.what, found)
		}
	}
}
