package main

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path"
	"strings"
	"testing/fstest"

	"warder/internal/stage/detect/sigma/oracle"
)

// ruleFile is one file of the rule set, with what the oracle makes of it.
type ruleFile struct {
	path string
	text []byte
	rule *oracle.Rule
}

// sample is one event in the forms that the engines take.
type sample struct {
	line  []byte
	event map[string]any
	truth *oracle.Event
	rules []int // whose log source the event is of
}

// readRules reads every .yml file of a gzipped tar archive. Each holds one rule.
func readRules(archive string) ([]ruleFile, error) {
	f, err := os.Open(archive)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	gz, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", archive, err)
	}
	var files []ruleFile
	for tr := tar.NewReader(gz); ; {
		head, err := tr.Next()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", archive, err)
		}
		if head.Typeflag != tar.TypeReg || path.Ext(head.Name) != ".yml" {
			continue
		}
		text, err := io.ReadAll(tr)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", archive, err)
		}
		parsed, err := oracle.Read(text, nil)
		if err != nil || len(parsed.Rules) != 1 {
			continue // nobody can say who is right about it
		}
		files = append(files, ruleFile{head.Name, text, parsed.Rules[0]})
	}
}

// asFolder shows the rule files as Warder loads them.
func asFolder(files []ruleFile) fstest.MapFS {
	folder := fstest.MapFS{}
	for _, f := range files {
		folder[strings.TrimPrefix(f.path, "./")] = &fstest.MapFile{Data: f.text}
	}
	return folder
}

// readEvents draws n events of a file of gzipped JSON lines, the same for the
// same seed.
func readEvents(file string, n int, seed uint64, aliases map[string][]string) ([]sample, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	gz, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	random := rand.New(rand.NewPCG(seed, seed))
	var drawn []sample
	seen := 0
	for lines := bufio.NewReaderSize(gz, 1<<20); ; {
		line, err := lines.ReadBytes('\n')
		if len(line) > 1 {
			seen++
			if len(drawn) < n {
				drawn = append(drawn, sample{line: line})
			} else if at := random.IntN(seen); at < n {
				drawn[at] = sample{line: line}
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
	}
	random.Shuffle(len(drawn), func(i, j int) { drawn[i], drawn[j] = drawn[j], drawn[i] })
	for i := range drawn {
		s := &drawn[i]
		if err := json.Unmarshal(s.line, &s.event); err != nil {
			return nil, fmt.Errorf("read an event of %s: %w", file, err)
		}
		s.truth = oracle.NewEvent(oracle.Record{
			Original: s.event, Attributes: map[string]string{"event.format": "ndjson"}, Aliases: aliases,
		})
	}
	return drawn, nil
}

// route notes for each event the rules that are meant for it. No peer does this
// by itself; all are given it, outside the time that is measured.
func route(events []sample, files []ruleFile, routes []oracle.Route) {
	byKey := map[string][]int{}
	for i := range events {
		sources := events[i].truth.Sources(routes)
		key := fmt.Sprint(sources)
		rules, known := byKey[key]
		if !known {
			for n := range files {
				if files[n].rule.Covered(sources) {
					rules = append(rules, n)
				}
			}
			byKey[key] = rules
		}
		events[i].rules = rules
	}
}
