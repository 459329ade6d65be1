package sigma

import (
	"fmt"
	"io/fs"

	"go.yaml.in/yaml/v3"

	"warder/internal/stage/detect"
)

// Tables is what loading needs beside the rules themselves.
type Tables struct {
	Threats      Threats
	Routes       []Route
	Aliases      detect.Names
	Placeholders Placeholders
}

// ReadTables reads attack.yaml, logsources.yaml, fields.yaml and, if it is there,
// placeholders.yaml of a folder.
func ReadTables(fsys fs.FS, folder string) (Tables, error) {
	t := Tables{Placeholders: Placeholders{}}
	sub, err := fs.Sub(fsys, folder)
	if err != nil {
		return t, fmt.Errorf("open %s: %w", folder, err)
	}
	for file, into := range map[string]any{
		"attack.yaml": &t.Threats, "logsources.yaml": &t.Routes, "fields.yaml": &t.Aliases,
	} {
		data, err := fs.ReadFile(sub, file)
		if err != nil {
			return t, fmt.Errorf("read table: %w", err)
		}
		if err := yaml.Unmarshal(data, into); err != nil {
			return t, fmt.Errorf("read table %s: %w", file, err)
		}
	}
	if err := t.Placeholders.read(sub, placeholdersFile); err != nil {
		return t, fmt.Errorf("read table %s: %w", placeholdersFile, err)
	}
	return t, nil
}
