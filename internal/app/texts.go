package app

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"go.yaml.in/yaml/v3"

	"warder/internal/api"
)

// loadTexts reads the catalogue of machine text: notices/<locale>.yaml.
func loadTexts(content fs.FS) (api.Texts, error) {
	files, err := fs.Glob(content, "notices/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("find the catalogues of machine text: %w", err)
	}
	texts := api.Texts{}
	for _, name := range files {
		data, err := fs.ReadFile(content, name)
		if err != nil {
			return nil, fmt.Errorf("read the catalogue %s: %w", name, err)
		}
		var entries map[string]string
		if err := yaml.Unmarshal(data, &entries); err != nil {
			return nil, fmt.Errorf("read the catalogue %s: %w", name, err)
		}
		texts[strings.TrimSuffix(path.Base(name), ".yaml")] = entries
	}
	return texts, nil
}
