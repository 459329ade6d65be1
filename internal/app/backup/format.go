package backup

import (
	"path"
	"path/filepath"
	"strings"
	"time"

	"warder/internal/kit/fault"
	"warder/internal/store"
)

// What a backup's own entries are called, and the folders of the others.
const (
	headName     = "head.json"
	databaseName = "database.json"
	endName      = "end.json"

	filesPart    = "files"    // of the data directory, as they are
	storePart    = "store"    // rows: <table>/<number>.cbor.zst
	eventsPart   = "events"   // segments
	exchangePart = "exchange" // the log
	configPart   = "config"   // the configuration file
)

// kind and format are what the head of every backup begins with.
const (
	kind   = "warder-backup"
	format = 1
)

// Head is the first entry: what the file is.
type Head struct {
	Kind     string    `json:"kind"`
	Format   int       `json:"format"`
	Program  string    `json:"program"`  // version of the program that made it
	Instance string    `json:"instance"` // id of the installation
	Name     string    `json:"name"`     // of the installation
	Engine   string    `json:"engine"`   // of the database that it was made from
	Made     time.Time `json:"made"`     // when it began
}

// Database is the entry before the rows.
type Database struct {
	Shape store.Shape `json:"shape"`
	// Ends are the offsets at which topics that only the outbox feeds ended when
	// the rows were read.
	Ends map[string]uint64 `json:"ends"`
}

// End is the last entry: everything before it, in order.
type End struct {
	Entries []Entry         `json:"entries"`
	Parts   map[string]Part `json:"parts"`
}

// Entry is one entry that came before the end.
type Entry struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Part counts what one part of a backup holds.
type Part struct {
	Entries int   `json:"entries"`
	Bytes   int64 `json:"bytes"`
	Rows    int64 `json:"rows,omitempty"`
}

// fits refuses what this program does not read.
func (h Head) fits() error {
	switch {
	case h.Kind != kind:
		return notABackup()
	case h.Format > format:
		return fault.New(fault.Conflict, "the backup has format %d and this program (of format %d) is older: restore it with Warder %s or newer",
			h.Format, format, h.Program)
	case h.Format < 1:
		return notABackup()
	}
	return nil
}

func notABackup() error { return fault.New(fault.Invalid, "this is no backup of Warder") }

func damaged(what string, args ...any) error {
	return fault.New(fault.Invalid, "the backup is damaged: "+what, args...)
}

// partOf returns the part that an entry belongs to, "" for the file's own.
func partOf(name string) string {
	part, _, below := strings.Cut(name, "/")
	if !below {
		return ""
	}
	return part
}

// checkEntryName refuses names that would lead out of the folder that is restored.
func checkEntryName(name string) error {
	switch partOf(name) {
	case filesPart, storePart, eventsPart, exchangePart, configPart:
	case "":
		if name == headName || name == databaseName || name == endName {
			return nil
		}
		return damaged("there is a foreign entry %q", name)
	default:
		return damaged("there is a foreign entry %q", name)
	}
	if path.Clean(name) != name || !filepath.IsLocal(filepath.FromSlash(name)) || strings.ContainsAny(name, "\x00\\") {
		return damaged("there is an entry %q, which leads elsewhere", name)
	}
	return nil
}
