package store

import (
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
)

// migration is one file: what leads from the tables before to those after.
type migration struct {
	version int64
	name    string
	up      string
}

// Marks in the files, which goose (github.com/pressly/goose) and its tools read too.
const (
	markUp    = "-- +goose Up"
	markDown  = "-- +goose Down"
	markAlone = "-- +goose NO TRANSACTION"
)

// readMigrations reads all files, in the order of their numbers.
func readMigrations(files fs.FS) ([]migration, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("list the migrations: %w", err)
	}
	var all []migration
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read the migration %s: %w", name, err)
		}
		m, err := readMigration(name, string(text))
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b migration) int { return int(a.version - b.version) })
	for i := 1; i < len(all); i++ {
		if all[i].version == all[i-1].version {
			return nil, fmt.Errorf("the migrations %s and %s have one number", all[i-1].name, all[i].name)
		}
	}
	return all, nil
}

func readMigration(name, text string) (migration, error) {
	number, _, _ := strings.Cut(name, "_")
	version, err := strconv.ParseInt(number, 10, 64)
	if err != nil || version <= 0 {
		return migration{}, fmt.Errorf("the migration %s does not begin with its number", name)
	}
	if strings.Contains(text, markAlone) {
		return migration{}, fmt.Errorf("the migration %s wants no transaction; all migrations of an upgrade are one", name)
	}
	_, up, found := strings.Cut(text, markUp)
	if !found {
		return migration{}, fmt.Errorf("the migration %s has no line %q", name, markUp)
	}
	up, _, _ = strings.Cut(up, markDown)
	return migration{version: version, name: name, up: up}, nil
}

// missing are the migrations that were not applied yet.
func missing(known []migration, applied []int64) (list []migration) {
	for _, m := range known {
		if !slices.Contains(applied, m.version) {
			list = append(list, m)
		}
	}
	return list
}

// only are the known migrations of a list of versions.
func only(known []migration, versions []int64) (list []migration) {
	for _, m := range known {
		if slices.Contains(versions, m.version) {
			list = append(list, m)
		}
	}
	return list
}
