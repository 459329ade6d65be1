package app

import (
	"fmt"
	"io/fs"
	"maps"
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

// addTexts puts what a content pack says into the catalogue.
func addTexts(catalogue api.Texts, more map[string]map[string]string) {
	for locale, entries := range more {
		if catalogue[locale] == nil {
			catalogue[locale] = map[string]string{}
		}
		maps.Copy(catalogue[locale], entries)
	}
}
