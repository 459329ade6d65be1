package app

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

// shellRule names the program as Sysmon does; shellsRule counts it.
const shellRule = `title: A shell
id: shell
name: shell
level: low
logsource: {product: windows, category: process_creation}
detection: {s: {Image|endswith: cmd.exe}, condition: s}
---
title: Two shells
id: shells
level: medium
correlation: {type: event_count, rules: [shell], group-by: [Image], timespan: 10m, condition: {gte: 2}, generate: true}
`

// A server counts and excepts by the names that rules use, where the security
// log of Windows has others.
func TestNamesOfFieldsOnAServer(t *testing.T) {
	s, dir := withRules(t)
	write(t, dir, "shell.yml", shellRule)
	s.must(t, http.MethodPost, "/rules/reload", "")
	start := func(second int) {
		t.Helper()
		at := time.Now().UTC().Add(time.Duration(second-10) * time.Second)
		s.must(t, http.MethodPost, "/ingest/ndjson", fmt.Sprintf(
			`{"Channel":"Security","EventID":4688,"Computer":"pc","NewProcessName":"c:\\cmd.exe","@timestamp":%q}`, at.Format(time.RFC3339)))
		if err := s.house.settle(t.Context(), settleTime); err != nil {
			t.Fatal(err)
		}
	}
	start(1)
	if n := ruleOf(t, s, "shells").Rule.Hits; n != 0 {
		t.Errorf("one shell counts as two: %d hits", n)
	}
	start(2)
	if one, two := ruleOf(t, s, "shell").Rule.Hits, ruleOf(t, s, "shells").Rule.Hits; one != 2 || two != 1 {
		t.Errorf("two shells: %d hits, %d of the correlation", one, two)
	}
	s.must(t, http.MethodPost, "/rules/shell/exceptions", fmt.Sprintf(
		`{"when": [{"field": "Image", "op": "endswith", "value": "CMD.exe"}], "why": "known", "until": %q}`, time.Now().Add(time.Hour).Format(time.RFC3339)))
	start(3)
	if r := ruleOf(t, s, "shell").Rule; r.Hits != 2 || r.Excepted != 1 {
		t.Errorf("after the exception: %d hits, %d excepted", r.Hits, r.Excepted)
	}
}
