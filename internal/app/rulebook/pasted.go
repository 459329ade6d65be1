package rulebook

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"testing/fstest"

	"go.yaml.in/yaml/v3"

	"warder/internal/stage/detect"
	"warder/internal/stage/detect/sigma"
)

// Names of the folders in memory from which pasted rules are read.
const (
	pasted = "pasted" // the text itself
	beside = "beside" // rules in force that it counts
)

// mostBeside bounds how many rules are read beside a text.
const mostBeside = 200

// Compile reads rules from files in memory. What their correlations count and
// their filters suppress, and the files do not have, is taken from base and works,
// but is not among the pack's rules. Rules are said to be in the files as they were
// named.
func (b *Book) Compile(files []detect.RuleFile, base *detect.Pack) (*detect.Pack, error) {
	folders := []sigma.Folder{{Name: beside, FS: counted(files, base), Root: "."}}
	pack, err := Compose(b.Content, append(folders, inMemory(files)...)...)
	if err != nil {
		return nil, fmt.Errorf("read the pasted rules: %w", err)
	}
	pack.Ruleset.Rules = slices.DeleteFunc(pack.Ruleset.Rules, func(r detect.Rule) bool {
		return !strings.HasPrefix(r.File, pasted+"/")
	})
	for i := range pack.Ruleset.Rules {
		r := &pack.Ruleset.Rules[i]
		r.File = strings.TrimPrefix(r.File, pasted+"/")
	}
	return pack, nil
}

// inMemory makes folders of files, in the order in which they are first named.
func inMemory(files []detect.RuleFile) (folders []sigma.Folder) {
	known := map[string]fstest.MapFS{} // folders in memory; nothing is tested
	for _, f := range files {
		if known[f.Folder] == nil {
			known[f.Folder] = fstest.MapFS{}
			folders = append(folders, sigma.Folder{Name: path.Join(pasted, f.Folder), FS: known[f.Folder], Root: "."})
		}
		known[f.Folder][f.Name] = &fstest.MapFile{Data: []byte(f.Text)}
	}
	return folders
}

// counted gathers the texts of the rules in force that files refer to, and those
// that these refer to in turn.
func counted(files []detect.RuleFile, base *detect.Pack) fstest.MapFS {
	found := fstest.MapFS{}
	if !slices.ContainsFunc(files, refers) {
		return found
	}
	has, waiting := map[string]bool{}, []string(nil)
	for _, f := range files {
		own := namesIn([]byte(f.Text))
		maps.Copy(has, own.has)
		waiting = append(waiting, own.refers...)
	}
	known := byName(base)
	for ; len(waiting) > 0 && len(found) < mostBeside; waiting = waiting[1:] {
		name := waiting[0]
		if has[name] {
			continue
		}
		has[name] = true
		id, there := known[name]
		if !there {
			continue // the compiler says that there is no such rule
		}
		other, err := base.Text(id)
		if err != nil {
			continue
		}
		sum := sha256.Sum256(other) // several rules may be one text
		found[hex.EncodeToString(sum[:])+".yml"] = &fstest.MapFile{Data: other}
		waiting = append(waiting, namesIn(other).refers...)
	}
	return found
}

// refers tells files that may refer to rules; most do not, and are not read twice.
func refers(f detect.RuleFile) bool {
	return strings.Contains(f.Text, "correlation") || strings.Contains(f.Text, "filter")
}

// byName gives the ids of the rules in force that work, by id and by name.
func byName(base *detect.Pack) map[string]string {
	ids := map[string]string{}
	for i := range base.Ruleset.Rules {
		r := &base.Ruleset.Rules[i]
		for _, name := range []string{r.ID, r.Name} {
			if _, there := ids[name]; !there && r.Error == "" && name != "" {
				ids[name] = r.ID
			}
		}
	}
	return ids
}

// mentions is what a text calls its rules, and which rules it refers to.
type mentions struct {
	has    map[string]bool
	refers []string
}

// namesIn looks at a text only as far as its names go; what is wrong with it is the
// compiler's to say.
func namesIn(text []byte) mentions {
	n := mentions{has: map[string]bool{}}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var d struct {
			ID, Name    string
			Correlation struct{ Rules yaml.Node }
			Filter      struct{ Rules yaml.Node }
		}
		if err := dec.Decode(&d); err != nil {
			return n
		}
		n.has[cmp.Or(d.ID, d.Name)], n.has[d.Name] = true, true
		n.refers = append(n.refers, scalars(&d.Correlation.Rules)...)
		n.refers = append(n.refers, scalars(&d.Filter.Rules)...)
	}
}

// scalars gives what a node says, or each of its elements.
func scalars(n *yaml.Node) (list []string) {
	rules := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		rules = n.Content
	}
	for _, r := range rules {
		if r.Kind == yaml.ScalarNode {
			list = append(list, r.Value)
		}
	}
	return list
}
