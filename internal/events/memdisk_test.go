package events_test

import (
	"math/rand/v2"
	"slices"

	"github.com/cockroachdb/pebble/v2/vfs"

	"warder/internal/events"
)

// memory is a disk that loses in a power cut what was not synced.
type memory struct {
	fs     *vfs.MemFS
	random *rand.Rand
}

func newMemory() *memory {
	fs := vfs.NewCrashableMem()
	return &memory{fs: fs, random: rand.New(rand.NewPCG(1, 2))}
}

// cut returns the disk as a power cut leaves it: of what was not synced some
// blocks and some names are there, and others are not.
func (m *memory) cut() *memory {
	return &memory{fs: m.fs.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: 50, RNG: m.random}), random: m.random}
}

type memoryFile struct{ vfs.File }

func (f memoryFile) Size() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// Write hands in a copy: with the race detector this file system spoils what it
// was given, to catch those who rely on it.
func (f memoryFile) Write(p []byte) (int, error) { return f.File.Write(slices.Clone(p)) }

func (m *memory) Create(path string) (events.File, error) {
	f, err := m.fs.Create(path, vfs.WriteCategoryUnspecified)
	return memoryFile{f}, err
}

func (m *memory) Open(path string) (events.File, error) {
	f, err := m.fs.Open(path)
	return memoryFile{f}, err
}

func (m *memory) Rename(from, to string) error { return m.fs.Rename(from, to) }

func (m *memory) Remove(path string) error { return m.fs.Remove(path) }

func (m *memory) MakeFolder(path string) error { return m.fs.MkdirAll(path, 0o700) }

func (m *memory) SyncFolder(path string) error {
	f, err := m.fs.OpenDir(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

func (m *memory) List(folder string) ([]events.Entry, error) {
	names, err := m.fs.List(folder)
	if err != nil {
		return nil, err
	}
	var out []events.Entry
	for _, name := range names {
		info, err := m.fs.Stat(m.fs.PathJoin(folder, name))
		if err != nil {
			return nil, err
		}
		out = append(out, events.Entry{Name: name, Folder: info.IsDir(), Size: info.Size()})
	}
	return out, nil
}
