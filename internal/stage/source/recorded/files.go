package recorded

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// File is one file to read.
type File struct {
	Path string
	Size int64 // bytes; 0 when it cannot be told
}

// Files lists the files that paths name: each file itself, and of each folder
// everything below it in the order of the names, but what is hidden. "-" is
// standard input. An error names what is not there.
func Files(paths []string) ([]File, error) {
	var all []File
	for _, path := range paths {
		if path == "-" {
			all = append(all, File{Path: path})
			continue
		}
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			all = append(all, File{Path: path, Size: regularSize(info)})
			continue
		}
		below, err := folder(path)
		if err != nil {
			return nil, fmt.Errorf("list the files of %s: %w", path, err)
		}
		all = append(all, below...)
	}
	return all, nil
}

func regularSize(info fs.FileInfo) int64 {
	if info.Mode().IsRegular() {
		return info.Size()
	}
	return 0
}

func folder(root string) (all []File, err error) {
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if strings.HasPrefix(entry.Name(), ".") && path != root {
			if entry.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		all = append(all, File{Path: path, Size: info.Size()})
		return nil
	})
	return all, err
}
