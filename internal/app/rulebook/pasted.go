package rulebook

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
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

// Compile reads rules from a text. What its correlations count, and the text does
// not have, is taken from base and works, but is not among the pack's rules.
func (b *Book) Compile(text []byte, base *detect.Pack) (*detect.Pack, error) {
	pack, err := Compose(b.Content,
		sigma.Folder{Name: beside, FS: counted(text, base), Root: "."},
		sigma.Folder{Name: pasted, FS: fstest.MapFS{"rules.yml": {Data: text}}, Root: "."}, // a folder in memory; nothing is tested
	)
	if err != nil {
		return nil, fmt.Errorf("read the pasted rules: %w", err)
	}
	pack.Ruleset.Rules = slices.DeleteFunc(pack.Ruleset.Rules, func(r detect.Rule) bool {
		return !strings.HasPrefix(r.File, pasted+"/")
	})
	return pack, nil
}

// counted gathers the texts of the rules in force that a text refers to, and
// those that these refer to in turn.
func counted(text []byte, base *detect.Pack) fstest.MapFS {
	found := fstest.MapFS{}
	own := namesIn(text)
	for waiting := own.refers; len(waiting) > 0 && len(found) < mostBeside; {
		name := waiting[0]
		waiting = waiting[1:]
		if own.has[name] {
			continue
		}
		own.has[name] = true
		i := slices.IndexFunc(base.Ruleset.Rules, func(r detect.Rule) bool {
			return r.Error == "" && (r.ID == name || r.Name == name)
		})
		if i < 0 {
			continue // the compiler says that there is no such rule
		}
		other, err := base.Text(base.Ruleset.Rules[i].ID)
		if err != nil {
			continue
		}
		sum := sha256.Sum256(other) // several rules may be one text
		found[hex.EncodeToString(sum[:])+".yml"] = &fstest.MapFile{Data: other}
		waiting = append(waiting, namesIn(other).refers...)
	}
	return found
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
		}
		if err := dec.Decode(&d); err != nil {
			return n
		}
		n.has[cmp.Or(d.ID, d.Name)], n.has[d.Name] = true, true
		rules := []*yaml.Node{&d.Correlation.Rules}
		if d.Correlation.Rules.Kind == yaml.SequenceNode {
			rules = d.Correlation.Rules.Content
		}
		for _, r := range rules {
			if r.Kind == yaml.ScalarNode {
				n.refers = append(n.refers, r.Value)
			}
		}
	}
}
