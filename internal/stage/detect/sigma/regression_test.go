package sigma_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"go.yaml.in/yaml/v3"

	"warder/internal/flow"
	"warder/internal/stage/detect/sigma"
	"warder/internal/stage/source/evtx"
)

// regression is the info.yml beside samples for a public rule.
type regression struct {
	Rules []struct{ ID string } `yaml:"rule_metadata"`
	Tests []struct {
		Count int `yaml:"match_count"`
	} `yaml:"regression_tests_info"`
}

// TestPublicRegressionsAgree holds the samples that the public set has for its own
// rules against all of them, as EVTX and as JSON. The rule of a sample fires on as
// many of its events as is stated, on one where nothing is; what else fires must
// do so by the oracle too.
func TestPublicRegressionsAgree(t *testing.T) {
	p := publicPair(t).worker()
	infos, err := filepath.Glob(filepath.Join(sigma.Shared(t, "it/sigma-regression"), "*", "info.yml"))
	if err != nil {
		t.Fatal(err)
	}
	samples := 0
	for _, info := range infos {
		stated := readRegression(t, info)
		if len(stated.Tests) == 0 {
			continue // set aside by its authors
		}
		files, err := filepath.Glob(filepath.Join(filepath.Dir(info), "*.[ej][vs][to][xn]"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			samples++
			p.regress(t, file, stated)
		}
	}
	t.Logf("%d samples", samples)
	p.report(t)
}

func readRegression(t *testing.T, info string) (r regression) {
	data, err := os.ReadFile(info)
	if err == nil {
		err = yaml.Unmarshal(data, &r)
	}
	if err != nil || len(r.Rules) != 1 {
		t.Fatalf("%s: %v, %d rules", info, err, len(r.Rules))
	}
	return r
}

func (w worker) regress(t *testing.T, file string, stated regression) {
	fired := 0
	for _, line := range sampleLines(t, file) {
		var original map[string]any
		if err := json.Unmarshal(line, &original); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		w.compare(t, original, line)
		ev := &flow.Event{Format: flow.FormatJSON, Category: flow.CategoryOther, Original: original, Raw: line}
		if matched(w.engine, ev)[stated.Rules[0].ID] {
			fired++
		}
	}
	// The count is of the EVTX file; the JSON beside it may hold more events.
	want := max(1, stated.Tests[0].Count)
	exactly := filepath.Ext(file) == ".evtx" && stated.Tests[0].Count > 0
	if fired < want || exactly && fired > want {
		t.Errorf("%s: the rule %s fires %d times, stated are %d", filepath.Base(filepath.Dir(file)), filepath.Base(file), fired, want)
	}
}

// sampleLines reads a sample of either form; records of EVTX become JSON, as they
// do on their way into the house.
func sampleLines(t *testing.T, file string) (lines [][]byte) {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Ext(file) == ".json" {
		eachObject(data, func(line []byte) { lines = append(lines, line) })
		return lines
	}
	r, err := evtx.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for {
		record, err := r.Next()
		if errors.Is(err, io.EOF) {
			return lines
		}
		if err != nil || record.Err != nil {
			t.Fatalf("%s: %v %v", file, err, record.Err)
		}
		line, err := json.Marshal(record.Event)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
}
