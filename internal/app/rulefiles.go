package app

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"warder/internal/stage/detect"
	"warder/internal/stage/detect/sigma"
)

// State hashes names, sizes and times of the files in the folders of the
// configuration; what cannot be read is part of the state too.
func (l *library) State() string {
	sum := sha256.New()
	for _, f := range l.folders()[1:] { // our own are in the program
		err := fs.WalkDir(f.FS, f.Root, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			info, err := d.Info()
			if errors.Is(err, fs.ErrNotExist) {
				return nil // it went while we looked
			}
			if err != nil {
				return err
			}
			fmt.Fprintf(sum, "%q %d %d\n", name, info.Size(), info.ModTime().UnixNano())
			return nil
		})
		fmt.Fprintf(sum, "%q %v\n", f.Name, err)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// prints remembers the hash of every file that was read.
type prints struct {
	mu   sync.Mutex
	sums map[string]string // by the file's name as rules show it
}

func newPrints() *prints { return &prints{sums: map[string]string{}} }

func (p *prints) of(f sigma.Folder) fs.FS { return printed{FS: f.FS, folder: f, to: p} }

// printed is a folder whose files are remembered when they are read.
type printed struct {
	fs.FS
	folder sigma.Folder
	to     *prints
}

// ReadFile reads a file and remembers its hash.
func (p printed) ReadFile(name string) ([]byte, error) {
	data, err := fs.ReadFile(p.FS, name)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data)
	rest := strings.TrimPrefix(strings.TrimPrefix(name, p.folder.Root), "/")
	p.to.mu.Lock()
	defer p.to.mu.Unlock()
	p.to.sums[path.Join(p.folder.Name, rest)] = hex.EncodeToString(sum[:])
	return data, nil
}

// testsBeside reads the tests in the file beside a rule.
func testsBeside(folders []sigma.Folder, file string) ([]detect.RuleTest, error) {
	fsys, name, ok := inFolder(folders, file)
	if !ok {
		return nil, nil
	}
	data, err := fs.ReadFile(fsys, strings.TrimSuffix(name, path.Ext(name))+".test.yml")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the tests of a rule: %w", err)
	}
	var test struct {
		Hits     []yaml.Node `yaml:"hits"`
		Silences []yaml.Node `yaml:"silences"`
	}
	if err := yaml.Unmarshal(data, &test); err != nil {
		return nil, fmt.Errorf("read the tests of a rule: %w", err)
	}
	var list []detect.RuleTest
	for _, part := range []struct {
		kind  string
		cases []yaml.Node
	}{{"hit", test.Hits}, {"silence", test.Silences}} {
		for i := range part.cases {
			text, err := yaml.Marshal(&part.cases[i])
			if err != nil {
				return nil, fmt.Errorf("show the tests of a rule: %w", err)
			}
			list = append(list, detect.RuleTest{Kind: part.kind, Text: string(text)})
		}
	}
	return list, nil
}
