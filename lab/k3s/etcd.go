package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"
)

const (
	etcdFolder = dataFolder + "/server/db/etcd"
	nameFile   = dataFolder + "/server/db/etcd-name"
	memberFile = dataFolder + "/server/db/etcd-member.json"

	// source: K3s, pkg/etcd/etcd.go
	duplicateName = "duplicate node name found, please use a unique name for this node"
)

// member is how this node's etcd started first; later starts go by what is in its folder.
type member struct {
	Name           string `json:"name"`
	InitialCluster string `json:"initialCluster"`
	State          string `json:"state"`
}

func readMember() (*member, error) {
	content, err := os.ReadFile(memberFile)
	if err != nil {
		return nil, err
	}
	var m member
	return &m, json.Unmarshal(content, &m)
}

func (m *member) write() error {
	content, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return writeFile(memberFile, content, 0o600)
}

// memberName is the node's with a suffix that another disk would not have. It is kept before it is used, so that who
// is interrupted joins under the same name.
func memberName(node string) (string, error) {
	content, err := os.ReadFile(nameFile)
	if err == nil {
		return strings.TrimSpace(string(content)), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	random := make([]byte, 4)
	if _, err := rand.Read(random); err != nil {
		return "", err
	}
	name := node + "-" + hex.EncodeToString(random)
	return name, writeFile(nameFile, []byte(name), 0o600)
}

// nodeOf is the node that a member is named after (source: K3s, pkg/etcd/etcd.go).
func nodeOf(member string) string {
	if at := strings.LastIndex(member, "-"); at > 1 {
		return member[:at]
	}
	return member
}

func makeFirstMember(c *config) error {
	if _, err := os.Stat(memberFile); err == nil {
		return nil
	}
	name, err := memberName(c.nodeName)
	if err != nil {
		return err
	}
	return (&member{name, name + "=https://" + c.nodeIP.String() + ":2380", "new"}).write()
}

// etcdMember as etcd's own JSON has it.
type etcdMember struct {
	ID        string   `json:"ID"`
	Name      string   `json:"name"`
	PeerURLs  []string `json:"peerURLs"`
	IsLearner bool     `json:"isLearner"`
}

type etcdStatus struct {
	Header struct {
		MemberID string `json:"member_id"`
	} `json:"header"`
	Leader    string `json:"leader"`
	IsLearner bool   `json:"isLearner"`
}

var (
	etcdURL    = "http://127.0.0.1:2379"
	etcdClient = &http.Client{Timeout: 10 * time.Second}
)

func callEtcd(path string, request, answer any) error {
	body, err := json.Marshal(request)
	if err != nil {
		return err
	}
	response, err := etcdClient.Post(etcdURL+path, "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		var refusal struct {
			Error string `json:"error"`
		}
		if json.Unmarshal(content, &refusal) == nil && refusal.Error != "" {
			return errors.New(refusal.Error)
		}
		return fmt.Errorf("etcd answers %s to %s", response.Status, path)
	}
	return json.Unmarshal(content, answer)
}

func etcdMembers() ([]etcdMember, error) {
	var answer struct {
		Members []etcdMember `json:"members"`
	}
	err := callEtcd("/v3/cluster/member/list", struct{}{}, &answer)
	return answer.Members, err
}

func etcdState() (*etcdStatus, error) {
	var answer etcdStatus
	return &answer, callEtcd("/v3/maintenance/status", struct{}{}, &answer)
}

// addMember takes a node in as a learner and gives the members that its etcd has to know at its first start (source:
// K3s, pkg/etcd/etcd.go, Join). Asked again it adds nothing.
func addMember(name, peerURL string) (*member, error) {
	peer, err := url.Parse(peerURL)
	if err != nil {
		return nil, err
	}
	members, err := etcdMembers()
	if err != nil {
		return nil, err
	}
	cluster, added := []string{}, false
	for _, other := range members {
		for _, text := range other.PeerURLs {
			at, err := url.Parse(text)
			if err != nil {
				return nil, err
			}
			// One that has not started yet has no name: at our address it is us.
			if at.Hostname() == peer.Hostname() && (other.Name == "" || other.Name == name) {
				added = true
			}
		}
		if other.Name != name && nodeOf(other.Name) == nodeOf(name) {
			return nil, errors.New(duplicateName)
		}
		if other.Name != "" && other.Name != name && len(other.PeerURLs) > 0 {
			cluster = append(cluster, other.Name+"="+other.PeerURLs[0])
		}
	}
	if !added {
		request := map[string]any{"peerURLs": []string{peerURL}, "isLearner": true}
		if err := callEtcd("/v3/cluster/member/add", request, &struct{}{}); err != nil {
			return nil, err
		}
	}
	cluster = append(cluster, name+"="+peerURL)
	slices.Sort(cluster)
	return &member{name, strings.Join(cluster, ","), "existing"}, nil
}

// waitUntilVoter waits until this node's etcd is more than a learner.
func waitUntilVoter(ctx context.Context) {
	for ; ctx.Err() == nil; time.Sleep(200 * time.Millisecond) {
		if state, err := etcdState(); err == nil && !state.IsLearner {
			return
		}
	}
}

// tendMembers does on the leader what K3s' does: it makes learners that have caught up voters, and takes out the member
// of a node that was deleted. Nodes that were deleted while no supervisor ran stay members; K3s has a finalizer for them.
func tendMembers(ctx context.Context) {
	seen := map[string]bool{}
	for ; ctx.Err() == nil; time.Sleep(2 * time.Second) {
		members, err := etcdMembers()
		if err != nil {
			continue
		}
		nodes, err := etcdNodes()
		if err != nil {
			nodes = nil
		}
		left := departed(seen, members, nodes)
		state, err := etcdState()
		if err != nil || state.Leader != state.Header.MemberID {
			continue
		}
		for _, one := range members {
			if one.IsLearner && one.Name != "" {
				if err := callEtcd("/v3/cluster/member/promote", map[string]string{"ID": one.ID}, &struct{}{}); err == nil {
					log.Printf("etcd member %s is a voter", one.Name)
				}
			}
		}
		for _, one := range left {
			if one.ID == state.Header.MemberID {
				continue
			}
			if err := callEtcd("/v3/cluster/member/remove", map[string]string{"ID": one.ID}, &struct{}{}); err != nil {
				log.Printf("etcd member %s: %v", one.Name, err)
			} else {
				log.Printf("etcd member %s is removed, as its node was deleted", one.Name)
			}
		}
	}
}

// departed are the members whose node has been seen and is not there any more. When the member is gone as well, so is the
// memory of the node: another machine that takes its place is a member before it is a node.
func departed(seen map[string]bool, members []etcdMember, nodes []string) (left []etcdMember) {
	if nodes == nil { // not known
		return nil
	}
	for _, node := range nodes {
		seen[node] = true
	}
	for node := range seen {
		if slices.Contains(nodes, node) {
			continue
		}
		before := len(left)
		for _, one := range members {
			if nodeOf(one.Name) == node {
				left = append(left, one)
			}
		}
		if len(left) == before {
			delete(seen, node)
		}
	}
	return left
}
