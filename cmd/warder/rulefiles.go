package main

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"warder/internal/stage/detect"
)

// What the server takes of one request.
const (
	mostRuleFiles = 10_000
	mostRuleBytes = 16 << 20
)

// ruleFiles is the files of rules that paths name, as they are sent: each path is
// a folder with a number.
type ruleFiles struct {
	list  []detect.RuleFile
	paths []string
	bytes int64
}

// shown is the path on disk of a file that was sent.
func (f *ruleFiles) shown(sent string) string {
	number, name, _ := strings.Cut(sent, "/")
	if i, err := strconv.Atoi(number); err == nil && i < len(f.paths) {
		return filepath.Join(f.paths[i], filepath.FromSlash(name))
	}
	return sent
}

// readRuleFiles reads what a folder of rules has to say, the values of
// placeholders included.
func readRuleFiles(paths []string) (*ruleFiles, error) {
	f := &ruleFiles{}
	for _, at := range paths {
		info, err := os.Stat(at)
		if err != nil {
			return nil, err
		}
		if info.IsDir() {
			err = f.folder(at)
		} else {
			dir, name := filepath.Split(filepath.Clean(at))
			f.paths = append(f.paths, filepath.Clean(dir))
			err = f.file(os.DirFS(filepath.Clean(dir)), name)
		}
		if err != nil {
			return nil, err
		}
	}
	if len(paths) > 0 && len(f.list) == 0 {
		return nil, fmt.Errorf("there are no rules in %s", strings.Join(paths, ", "))
	}
	return f, nil
}

func (f *ruleFiles) folder(dir string) error {
	f.paths = append(f.paths, dir)
	fsys := os.DirFS(dir)
	return fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != "." && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir // a checkout's own affairs
		case entry.IsDir() || !isRuleFile(name):
			return nil
		}
		return f.file(fsys, name)
	})
}

func isRuleFile(name string) bool {
	ext := path.Ext(name)
	return (ext == ".yml" || ext == ".yaml") && !strings.HasSuffix(strings.TrimSuffix(name, ext), ".test")
}

func (f *ruleFiles) file(fsys fs.FS, name string) error {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return err
	}
	if f.bytes += info.Size(); f.bytes > mostRuleBytes || len(f.list) == mostRuleFiles {
		return fmt.Errorf("the server tries %d files of %d MiB together at most: name a part of the folder", mostRuleFiles, mostRuleBytes>>20)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no regular file", name)
	}
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	f.list = append(f.list, detect.RuleFile{Folder: strconv.Itoa(len(f.paths) - 1), Name: name, Text: string(text)})
	return nil
}
