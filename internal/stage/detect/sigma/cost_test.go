package sigma

import (
	"testing"
	"time"

	"warder/internal/stage/detect"
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

// Evaluations of the sample that take long are counted by themselves.
func TestLongEvaluations(t *testing.T) {
	e := NewEngine(loadText(t, `
title: Slow
id: slow
logsource: {category: test}
detection: {s: {a: x}, condition: s}
`))
	now, step := time.Unix(0, 0), time.Millisecond
	e.clock = func() time.Time {
		now = now.Add(step)
		return now
	}
	sc := e.NewScanner()
	for i := range 10 * sampled {
		if i == 6*sampled {
			step = detect.LongEvaluation + 1
		}
		if _, err := sc.Scan([]byte(`{"a":"x"}`)); err != nil {
			t.Fatal(err)
		}
	}
	if list := e.Costs(); len(list) != 1 || list[0].Timed != 10 || list[0].Long != 4 {
		t.Errorf("%+v", list)
	}
}
