package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi/sdk/v3/go/property"
)

func TestLocalCreateRunsCreate(t *testing.T) {
	state := newEngine(t, localCommand).created(inputs{"create": "echo out; echo err >&2"})
	wantOutput(t, state.Properties, "stdout", "out")
	wantOutput(t, state.Properties, "stderr", "err")
}

func TestLocalUpdateRunsUpdate(t *testing.T) {
	engine := newEngine(t, localCommand)
	in := inputs{"create": "echo created", "update": "echo updated"}
	wantOutput(t, engine.updated(engine.created(in), in.with("stdin", "x"), false), "stdout", "updated")
}

func TestLocalUpdateWithoutUpdateRunsCreate(t *testing.T) {
	engine := newEngine(t, localCommand)
	state := engine.created(inputs{"create": "echo one"})
	wantOutput(t, engine.updated(state, inputs{"create": "echo two"}, false), "stdout", "two")
}

func TestLocalDeleteRunsDelete(t *testing.T) {
	engine := newEngine(t, localCommand)
	mark := filepath.Join(t.TempDir(), "deleted")
	engine.deleted(engine.created(inputs{"create": "echo created", "delete": "echo $PULUMI_COMMAND_STDOUT > " + mark}))
	content, err := os.ReadFile(mark)
	if err != nil || string(content) != "created\n" {
		t.Errorf("%q, %v", content, err)
	}
}

func TestLocalPreviewRunsNothingAndLeavesOutputsUnknown(t *testing.T) {
	mark := filepath.Join(t.TempDir(), "ran")
	properties := newEngine(t, localCommand).previewed(inputs{"create": "touch " + mark})
	wantComputed(t, properties, "stdout")
	wantComputed(t, properties, "stderr")
	if _, err := os.Stat(mark); err == nil {
		t.Error("the command has run")
	}
}

func TestLocalPreviewOfAnUpdateLeavesOutputsUnknown(t *testing.T) {
	engine := newEngine(t, localCommand)
	state := engine.created(inputs{"create": "echo one"})
	wantComputed(t, engine.updated(state, inputs{"create": "echo two"}, true), "stdout")
}

func TestLocalUnknownInputsArePreviewed(t *testing.T) {
	properties := newEngine(t, localCommand).previewed(inputs{"create": property.New(property.Computed)})
	wantComputed(t, properties, "create")
	wantComputed(t, properties, "stdout")
}

func TestLocalAddedTriggersReplace(t *testing.T) {
	engine := newEngine(t, localCommand)
	in := inputs{"create": "true"}
	diff := engine.diff(engine.created(in), in.with("triggers", []string{"a"}))
	if kind := diff.DetailedDiff["triggers"].Kind; kind != p.AddReplace {
		t.Errorf("%v", diff.DetailedDiff)
	}
}

// So it is with the official plugin too: a replacement is what the SDK's option replaceOnChanges asks for.
func TestLocalChangedTriggerUpdates(t *testing.T) {
	engine := newEngine(t, localCommand)
	in := inputs{"create": "true", "triggers": []string{"a"}}
	diff := engine.diff(engine.created(in), in.with("triggers", []string{"b"}))
	if kind := diff.DetailedDiff["triggers[0]"].Kind; kind != p.Update {
		t.Errorf("%v", diff.DetailedDiff)
	}
}

func TestLocalChangedCommandUpdates(t *testing.T) {
	engine := newEngine(t, localCommand)
	diff := engine.diff(engine.created(inputs{"create": "true"}), inputs{"create": "echo"})
	if !diff.HasChanges || diff.DetailedDiff["create"].Kind != p.Update {
		t.Errorf("%v", diff)
	}
}

func TestLocalUnchangedIsLeftAlone(t *testing.T) {
	engine := newEngine(t, localCommand)
	in := inputs{"create": "echo x", "triggers": []string{"a"}, "environment": inputs{"A": "b"}}
	if diff := engine.diff(engine.created(in), in); diff.HasChanges {
		t.Errorf("%v", diff.DetailedDiff)
	}
}

func TestLocalStdin(t *testing.T) {
	state := newEngine(t, localCommand).created(inputs{"create": "cat", "stdin": "typed"})
	wantOutput(t, state.Properties, "stdout", "typed")
}

func TestLocalEnvironment(t *testing.T) {
	state := newEngine(t, localCommand).created(inputs{"create": "echo $CITY", "environment": inputs{"CITY": "Oslo"}})
	wantOutput(t, state.Properties, "stdout", "Oslo")
}

func TestLocalPreviousOutputIsInTheEnvironment(t *testing.T) {
	engine := newEngine(t, localCommand)
	in := inputs{"create": "echo out; echo err >&2", "update": "echo $PULUMI_COMMAND_STDOUT/$PULUMI_COMMAND_STDERR"}
	wantOutput(t, engine.updated(engine.created(in), in.with("stdin", "x"), false), "stdout", "out/err")
}

func TestLocalPreviousOutputCanBeKeptOut(t *testing.T) {
	engine := newEngine(t, localCommand)
	in := inputs{"create": "echo out", "update": "echo [$PULUMI_COMMAND_STDOUT]", "addPreviousOutputInEnv": false}
	wantOutput(t, engine.updated(engine.created(in), in.with("stdin", "x"), false), "stdout", "[]")
}

func TestLocalDir(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	state := newEngine(t, localCommand).created(inputs{"create": "pwd", "dir": dir})
	wantOutput(t, state.Properties, "stdout", dir)
}

func TestLocalInterpreter(t *testing.T) {
	state := newEngine(t, localCommand).created(inputs{"create": "a b", "interpreter": []string{"printf", "<%s>"}})
	wantOutput(t, state.Properties, "stdout", "<a b>")
}

func TestLocalAssetPathsBecomeAssets(t *testing.T) {
	state := newEngine(t, localCommand).created(inputs{
		"create":     "mkdir sub && touch a.txt sub/b.txt sub/secret.txt c.bin",
		"dir":        t.TempDir(),
		"assetPaths": []string{"**.txt", "!**secret*"},
	})
	var names []string
	state.Properties.Get("assets").AsMap().All(func(name string, asset property.Value) bool {
		if !asset.IsAsset() {
			t.Errorf("%s is %#v", name, asset)
		}
		names = append(names, name)
		return true
	})
	if strings.Join(names, " ") != "a.txt sub/b.txt" && strings.Join(names, " ") != "sub/b.txt a.txt" {
		t.Errorf("%v", names)
	}
}

func TestLocalArchivePathsBecomeOneArchive(t *testing.T) {
	state := newEngine(t, localCommand).created(inputs{
		"create": "touch a.txt b.bin", "dir": t.TempDir(), "archivePaths": []string{"*.txt"},
	})
	archive := state.Properties.Get("archive")
	if !archive.IsArchive() || len(archive.AsArchive().Assets) != 1 {
		t.Errorf("%#v", archive)
	}
}

func TestLocalFailureTellsCommandAndOutput(t *testing.T) {
	_, err := newEngine(t, localCommand).create(inputs{"create": "echo because >&2; exit 3"})
	wantError(t, err, "exit status 3: running \"echo because >&2; exit 3\":\nbecause\n")
}

func TestLocalFailureWithoutLoggingTellsThemAllTheSame(t *testing.T) {
	_, err := newEngine(t, localCommand).create(inputs{"create": "echo shown; exit 3", "logging": "none"})
	wantError(t, err, "exit status 3: running \"echo shown; exit 3\":\nshown\n")
}

func TestLocalCancelKillsTheCommandAndWaitsForItsChildren(t *testing.T) {
	engine := newEngine(t, localCommand)
	dir := t.TempDir()
	ready, ended := filepath.Join(dir, "ready"), filepath.Join(dir, "ended")
	failed := make(chan error, 1)
	go func() {
		_, err := engine.provider.Create(p.CreateRequest{Urn: engine.urn(), Properties: toMap(t, inputs{
			"create": "(sleep 1; touch " + ended + ") & touch " + ready + "; wait",
		})})
		failed <- err
	}()
	waitFor(t, func() bool { _, err := os.Stat(ready); return err == nil })
	if err := engine.provider.Cancel(); err != nil {
		t.Fatal(err)
	}
	wantError(t, <-failed, "signal: killed: running ")
	if _, err := os.Stat(ended); err != nil {
		t.Errorf("its child has not ended: %v", err)
	}
}

func TestLocalRunRunsTheCommand(t *testing.T) {
	response, err := newEngine(t, localCommand).provider.Invoke(p.InvokeRequest{
		Token: "command:local:run",
		Args:  toMap(t, inputs{"command": "echo $CITY", "environment": inputs{"CITY": "Bergen"}}),
	})
	if err != nil {
		t.Fatal(err)
	}
	wantOutput(t, response.Return, "stdout", "Bergen")
}

func waitFor(t *testing.T, condition func() bool) {
	t.Helper()
	for range 500 {
		if condition() {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("waited in vain")
}
