package sigma

import (
	"testing"
	"time"
)

func TestCosts(t *testing.T) {
	e := NewEngine(loadText(t, `
title: Met
id: met
logsource: {category: test}
detection: {s: {a: x}, f: {b: y}, condition: s and not f}
---
title: Never tried
id: untried
logsource: {category: test}
detection: {s: {a: z}, condition: s}
`))
	now := time.Unix(0, 0)
	e.clock = func() time.Time {
		now = now.Add(time.Microsecond)
		return now
	}
	sc := e.NewScanner()
	const rounds = 10 * sampled
	for i := range rounds {
		line := `{"a":"x"}`
		if i%2 == 0 {
			line = `{"a":"x","b":"y"}`
		}
		if _, err := sc.Scan([]byte(line)); err != nil {
			t.Fatal(err)
		}
	}
	list := e.Costs()
	if len(list) != 1 || list[0].Rule != "met" || list[0].Matches != rounds/2 || list[0].Evaluations != rounds || list[0].Spent != rounds*time.Microsecond {
		t.Errorf("%+v", list)
	}
}
