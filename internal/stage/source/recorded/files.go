package recorded

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// File is one file to read.
type File struct {
	Path string
	Size int64 // bytes; 0 when it cannot be told
	// Beside is set for what a folder holds and nobody named: that it is no log is
	// no failure.
	Beside bool
}

// Files lists the files that paths name: each file itself, and of each folder
// everything below it in the order of the names, but what is hidden. "-" is
// standard input. What is not there or cannot be listed stands among them, and is
// refused with its reason when it is read, as the others are to be read all the
// same.
func Files(paths []string) (all []File) {
	for _, path := range paths {
		if path == "-" {
			all = append(all, File{Path: path})
			continue
		}
		info, err := os.Stat(path)
		switch {
		case err != nil:
			all = append(all, File{Path: path})
		case info.IsDir():
			all = append(all, folder(path)...)
		default:
			all = append(all, File{Path: path, Size: regularSize(info)})
		}
	}
	return all
}

func regularSize(info fs.FileInfo) int64 {
	if info.Mode().IsRegular() {
		return info.Size()
	}
	return 0
}

func folder(root string) (all []File) {
	_ = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error { // which gives no error back
		if err != nil {
			all = append(all, File{Path: path})
			return nil
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
			all = append(all, File{Path: path})
			return nil
		}
		all = append(all, File{Path: path, Size: info.Size(), Beside: true})
		return nil
	})
	return all
}
