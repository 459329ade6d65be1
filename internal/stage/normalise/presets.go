package normalise

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"

	"go.yaml.in/yaml/v3"
)

// Presets reads the mappings that ship with the program: each file of a folder
// (content/mappings) whose name ends in .map.yaml is one.
func Presets(fsys fs.FS, folder string) ([]Mapping, error) {
	files, err := fs.Glob(fsys, path.Join(folder, "*.map.yaml"))
	if err != nil {
		return nil, fmt.Errorf("list mappings in %s: %w", folder, err)
	}
	var c Config
	for _, file := range files {
		data, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, fmt.Errorf("read mapping: %w", err)
		}
		dec := yaml.NewDecoder(bytes.NewReader(data))
		dec.KnownFields(true)
		var m Mapping
		if err := dec.Decode(&m); err != nil {
			return nil, fmt.Errorf("read mapping %s: %w", file, err)
		}
		c.Mappings = append(c.Mappings, m)
	}
	if errs := c.Validate(); len(errs) > 0 {
		return nil, fmt.Errorf("read mappings in %s: %w", folder, errs[0])
	}
	return c.Mappings, nil
}
