package app

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// unknownKeys says of each key that nothing reads which one was probably meant.
func unknownKeys(unused []string) []error {
	known := keysOf(reflect.TypeFor[Config](), "")
	slices.Sort(unused)
	var errs []error
	for _, key := range unused {
		hint := "docs/reference/configuration.md lists every key"
		near := nearest(plain(key), known)
		switch {
		case near == plain(key): // it came with its dots
			hint = "keys nest; write " + nested(near)
		case near != "":
			hint = fmt.Sprintf("did you mean %s?", near)
		}
		errs = append(errs, fmt.Errorf("%s: there is no such key; %s", key, hint))
	}
	return errs
}

// nested writes a dotted key as YAML: http.listen becomes http: {listen: ...}.
func nested(key string) string {
	first, rest, deeper := strings.Cut(key, ".")
	if !deeper {
		return first + ": ..."
	}
	return first + ": {" + nested(rest) + "}"
}

// plain takes list indexes out of a key: sources[2].listen becomes sources.listen.
func plain(key string) string {
	for {
		open, end := strings.IndexByte(key, '['), strings.IndexByte(key, ']')
		if open < 0 || end < open {
			return key
		}
		key = key[:open] + key[end+1:]
	}
}

// keysOf lists every key of a configuration type, dotted.
func keysOf(t reflect.Type, prefix string) []string {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[time.Time]() {
		return nil
	}
	var keys []string
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("koanf"), ",")
		if name == "" {
			continue
		}
		keys = append(keys, prefix+name)
		keys = append(keys, keysOf(t.Field(i).Type, prefix+name+".")...)
	}
	return keys
}

// nearest returns the known key within a third of the letters, or "".
func nearest(key string, known []string) string {
	best, least := "", len(key)/3+1
	for _, k := range known {
		if d := distance(key, k); d < least {
			best, least = k, d
		}
	}
	return best
}

// distance is the Levenshtein distance of two short texts.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
