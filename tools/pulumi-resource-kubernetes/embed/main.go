// Command embed makes the two files that the Kubernetes plugin embeds, out of the plugin module's own directory:
// the schema with its version set, and the Terraform mapping as it is.
//
//	go run ./embed MODULE_DIR VERSION OUT_DIR
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: embed MODULE_DIR VERSION OUT_DIR")
		os.Exit(2)
	}
	if err := embed(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "embed:", err)
		os.Exit(1)
	}
}

func embed(moduleDir, version, outDir string) error {
	source := filepath.Join(moduleDir, "cmd", "pulumi-resource-kubernetes")

	schema, err := os.ReadFile(filepath.Join(source, "schema.json"))
	if err != nil {
		return err
	}
	versioned, err := withVersion(schema, version)
	if err != nil {
		return fmt.Errorf("schema.json: %w", err)
	}
	if err := os.WriteFile(filepath.Join(outDir, "schema-embed.json"), versioned, 0o644); err != nil {
		return err
	}

	mapping, err := os.ReadFile(filepath.Join(source, "terraform-mapping.json"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(outDir, "terraform-mapping-embed.json"), mapping, 0o644)
}

// withVersion sets the schema's version and leaves the text of every other property as it is.
func withVersion(schema []byte, version string) ([]byte, error) {
	var properties map[string]json.RawMessage
	if err := json.Unmarshal(schema, &properties); err != nil {
		return nil, err
	}
	quoted, err := json.Marshal(version)
	if err != nil {
		return nil, err
	}
	properties["version"] = quoted
	return json.Marshal(properties)
}
