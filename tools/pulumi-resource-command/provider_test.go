package main

import (
	"strings"
	"testing"

	"github.com/blang/semver"
	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/integration"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/property"
)

const (
	localCommand  = "command:local:Command"
	remoteCommand = "command:remote:Command"
	copyToRemote  = "command:remote:CopyToRemote"
)

// inputs are a resource's inputs as plain Go values.
type inputs map[string]any

func (i inputs) with(name string, value any) inputs {
	changed := inputs{name: value}
	for other, value := range i {
		if other != name {
			changed[other] = value
		}
	}
	return changed
}

func toMap(t *testing.T, values map[string]any) property.Map {
	t.Helper()
	converted := make(map[string]property.Value, len(values))
	for name, value := range values {
		converted[name] = toValue(t, value)
	}
	return property.NewMap(converted)
}

func toValue(t *testing.T, value any) property.Value {
	t.Helper()
	switch value := value.(type) {
	case inputs:
		return property.New(toMap(t, value))
	case property.Value:
		return value
	case []string:
		items := make([]property.Value, len(value))
		for i, item := range value {
			items[i] = property.New(item)
		}
		return property.New(items)
	case int:
		return property.New(float64(value))
	}
	converted, err := property.Any(value)
	if err != nil {
		t.Fatal(err)
	}
	return converted
}

// onWire is the properties as the other side gets them: sent and received once.
func onWire(t *testing.T, properties property.Map) property.Map {
	t.Helper()
	options := plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true, KeepResources: true}
	sent, err := plugin.MarshalProperties(resource.ToResourcePropertyMap(properties), options)
	if err != nil {
		t.Fatal(err)
	}
	received, err := plugin.UnmarshalProperties(sent, options)
	if err != nil {
		t.Fatal(err)
	}
	return resource.FromResourcePropertyMap(received)
}

// engine drives the provider as the Pulumi engine does: every step begins with a check.
type engine struct {
	t        *testing.T
	provider integration.Server
	token    tokens.Type
}

func newEngine(t *testing.T, token tokens.Type) engine {
	t.Helper()
	provider, err := integration.NewServer(t.Context(), "command", semver.MustParse("1.2.1"),
		integration.WithProvider(newProvider()))
	if err != nil {
		t.Fatal(err)
	}
	return engine{t, provider, token}
}

func (e engine) urn() resource.URN {
	return resource.NewURN("lab", "nordfaas", "", e.token, "under-test")
}

func (e engine) check(in inputs) p.CheckResponse {
	e.t.Helper()
	checked, err := e.provider.Check(p.CheckRequest{Urn: e.urn(), Inputs: toMap(e.t, in)})
	if err != nil {
		e.t.Fatal(err)
	}
	checked.Inputs = onWire(e.t, checked.Inputs)
	return checked
}

func (e engine) checked(in inputs) property.Map {
	e.t.Helper()
	response := e.check(in)
	if len(response.Failures) > 0 {
		e.t.Fatalf("refused: %v", response.Failures)
	}
	return response.Inputs
}

func (e engine) create(in inputs) (p.CreateResponse, error) {
	e.t.Helper()
	response, err := e.provider.Create(p.CreateRequest{Urn: e.urn(), Properties: e.checked(in)})
	response.Properties = onWire(e.t, response.Properties)
	return response, err
}

func (e engine) created(in inputs) p.CreateResponse {
	e.t.Helper()
	response, err := e.create(in)
	if err != nil {
		e.t.Fatal(err)
	}
	return response
}

func (e engine) previewed(in inputs) property.Map {
	e.t.Helper()
	response, err := e.provider.Create(p.CreateRequest{Urn: e.urn(), Properties: e.checked(in), DryRun: true})
	if err != nil {
		e.t.Fatal(err)
	}
	return onWire(e.t, response.Properties)
}

func (e engine) diff(from p.CreateResponse, to inputs) p.DiffResponse {
	e.t.Helper()
	response, err := e.provider.Diff(p.DiffRequest{
		ID: from.ID, Urn: e.urn(), State: from.Properties, Inputs: e.checked(to),
	})
	if err != nil {
		e.t.Fatal(err)
	}
	return response
}

func (e engine) updated(from p.CreateResponse, to inputs, dryRun bool) property.Map {
	e.t.Helper()
	response, err := e.provider.Update(p.UpdateRequest{
		ID: from.ID, Urn: e.urn(), State: from.Properties, Inputs: e.checked(to), DryRun: dryRun,
	})
	if err != nil {
		e.t.Fatal(err)
	}
	return onWire(e.t, response.Properties)
}

func (e engine) deleted(state p.CreateResponse) {
	e.t.Helper()
	if err := e.provider.Delete(p.DeleteRequest{ID: state.ID, Urn: e.urn(), Properties: state.Properties}); err != nil {
		e.t.Fatal(err)
	}
}

func wantOutput(t *testing.T, properties property.Map, name, want string) {
	t.Helper()
	if got := properties.Get(name); !got.IsString() || got.AsString() != want {
		t.Errorf("%s is %#v, not %q", name, got, want)
	}
}

func wantComputed(t *testing.T, properties property.Map, name string) {
	t.Helper()
	if got := properties.Get(name); !got.IsComputed() {
		t.Errorf("%s is %#v, not unknown", name, got)
	}
}

func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q does not tell %q", err, part)
		}
	}
}

func TestSchemaSaysThatThisIsAStandIn(t *testing.T) {
	response, err := newEngine(t, localCommand).provider.GetSchema(p.GetSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"stand-in", "Not the official plugin", `"version":"1.2.1"`} {
		if !strings.Contains(response.Schema, part) {
			t.Errorf("the schema does not say %q", part)
		}
	}
}

func TestSchemaHasReplaceOnChangesForTriggers(t *testing.T) {
	response, err := newEngine(t, localCommand).provider.GetSchema(p.GetSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if count := strings.Count(response.Schema, `"replaceOnChanges":true`); count == 0 {
		t.Error("none")
	}
}
