package local

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gobwas/glob"
	"github.com/pulumi/pulumi-go-provider/infer/types"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// collect reads the files that the command was to leave behind.
func collect(dir string, in BaseInputs, out *BaseOutputs) error {
	if dir == "" {
		var err error
		if dir, err = os.Getwd(); err != nil {
			return err
		}
	}
	if in.AssetPaths != nil {
		found, err := assets(dir, *in.AssetPaths)
		if err != nil {
			return err
		}
		union := make(map[string]*types.AssetOrArchive, len(found))
		for name, asset := range found {
			union[name] = &types.AssetOrArchive{Asset: asset}
		}
		out.Assets = &union
	}
	if in.ArchivePaths != nil {
		found, err := assets(dir, *in.ArchivePaths)
		if err != nil {
			return err
		}
		members := make(map[string]any, len(found))
		for name, asset := range found {
			members[name] = asset
		}
		if out.Archive, err = resource.NewAssetArchive(members); err != nil {
			return err
		}
	}
	return nil
}

type rule struct {
	glob    glob.Glob
	exclude bool
}

func parseRules(patterns []string) ([]rule, error) {
	rules := make([]rule, 0, len(patterns))
	for _, pattern := range patterns {
		text, exclude := strings.CutPrefix(pattern, "!")
		compiled, err := glob.Compile(text, '/')
		if err != nil {
			return nil, err
		}
		rules = append(rules, rule{compiled, exclude})
	}
	return rules, nil
}

// assets finds the files in dir that the patterns name, by their path in dir. The last pattern that matches decides.
func assets(dir string, patterns []string) (map[string]*resource.Asset, error) {
	rules, err := parseRules(patterns)
	if err != nil {
		return nil, err
	}
	found := map[string]*resource.Asset{}
	err = fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		wanted := false
		for _, rule := range rules {
			if rule.glob.Match(name) {
				wanted = !rule.exclude
			}
		}
		if wanted {
			found[name], err = resource.NewPathAsset(filepath.Join(dir, filepath.FromSlash(name)))
		}
		return err
	})
	return found, err
}
