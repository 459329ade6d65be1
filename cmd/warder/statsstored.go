package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"time"

	"warder/internal/app/inspect"
	"warder/internal/flow"
	"warder/internal/stage/detect"
)

// Bounds of a trial's answer: the server takes 10 minutes at most, and each rule
// has a figure for each day.
const (
	trialTime  = 12 * time.Minute
	mostFound  = 256 << 20
	watchTrial = time.Second
)

// trialAsk is what the server is asked.
type trialAsk struct {
	From  time.Time         `json:"from"`
	To    time.Time         `json:"to"`
	Files []detect.RuleFile `json:"files,omitempty"`
}

// tried is what a trial on stored events gave.
type tried struct {
	Tried        int                  `json:"tried"`
	From         time.Time            `json:"from"`
	To           time.Time            `json:"to"`
	Partial      bool                 `json:"partial"`
	Since        time.Time            `json:"since,omitzero"`         // how far back it got
	CountedSince time.Time            `json:"counted_since,omitzero"` // how far back correlations did
	Rules        []inspect.Tally      `json:"rules"`                  // the gravest first
	Problems     []detect.RuleProblem `json:"problems,omitempty"`     // rules that were not tried
}

// overStored has the server try rules on what it has stored: those of the folders
// together, or without any those in force.
func (c *rulesStats) overStored(ctx context.Context) error {
	files, err := readRuleFiles(c.Rules)
	if err != nil {
		return misuse{err}
	}
	now := time.Now().UTC()
	ask := trialAsk{From: now.AddDate(0, 0, -c.Days), To: now, Files: files.list}
	done := c.watch(len(files.list))
	result, err := c.try(ctx, ask)
	done()
	if err != nil {
		return err
	}
	all := tried{Tried: result.Tried, From: ask.From, To: ask.To, Partial: result.Partial, Since: result.Since,
		CountedSince: result.CountedSince, Rules: tallies(result.Rules), Problems: result.Problems}
	for i := range all.Problems {
		all.Problems[i].File = files.shown(all.Problems[i].File)
	}
	return c.print(&all)
}

// watch tells on standard error what is being waited for; the function that it
// returns ends that.
func (c *rulesStats) watch(files int) (done func()) {
	what := "the rules in force"
	if files > 0 {
		what = fmt.Sprintf("%d files of rules", files)
	}
	what = fmt.Sprintf("trying %s on the stored events of %d days", what, c.Days)
	fmt.Fprintln(os.Stderr, what)
	if !onTerminal() {
		return func() {}
	}
	began, tick, over, ended := time.Now(), time.NewTicker(watchTrial), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-over:
				return
			case at := <-tick.C:
				fmt.Fprintf(os.Stderr, "\r\033[K%s", at.Sub(began).Round(time.Second))
			}
		}
	}()
	return func() {
		tick.Stop()
		close(over)
		<-ended
		endProgress()
	}
}

func (c *rulesStats) try(ctx context.Context, ask trialAsk) (*detect.TryResult, error) {
	body, err := json.Marshal(ask)
	if err != nil {
		return nil, err
	}
	answer, err := c.postWithin(ctx, "/rules/try", "application/json", bytes.NewReader(body), patience{trialTime, mostFound})
	if err != nil {
		return nil, err
	}
	result := &detect.TryResult{}
	if err := json.Unmarshal(answer, result); err != nil {
		return nil, fmt.Errorf("read what the server answered: %w", err)
	}
	return result, nil
}

// tallies shows what rules found as the search of files does, the gravest first.
func tallies(rules []detect.TriedRule) []inspect.Tally {
	slices.SortStableFunc(rules, func(a, b detect.TriedRule) int { return cmp.Compare(b.Severity.Rank(), a.Severity.Rank()) })
	list := make([]inspect.Tally, len(rules))
	for i, r := range rules {
		list[i] = inspect.Tally{ID: r.ID, Title: r.Title, Kind: r.Kind, Level: string(cmp.Or(r.Severity, flow.Severity(r.Level))),
			Hits: r.Hits, First: r.First, Last: r.Last, PerDay: map[string]int{}}
		for _, d := range r.PerDay {
			if d.Hits > 0 {
				list[i].PerDay[d.Day] = int(d.Hits)
			}
		}
	}
	return list
}

func (c *rulesStats) print(all *tried) error {
	if c.JSON {
		if err := printJSON(all); err != nil {
			return err
		}
		return untried(all.Problems)
	}
	if err := inspect.WritePerDay(os.Stdout, all.Rules); err != nil {
		return err
	}
	fmt.Printf("%d stored events of %d days: %d rules would have spoken\n", all.Tried, c.Days, len(all.Rules))
	if all.Partial {
		fmt.Println(all.lack())
	}
	for _, p := range all.Problems {
		fmt.Fprintf(os.Stderr, "%s:%d: %s\n", p.File, p.Line, p.Error)
	}
	return untried(all.Problems)
}

func untried(problems []detect.RuleProblem) error {
	if len(problems) == 0 {
		return nil
	}
	return fmt.Errorf("%d rules could not be loaded and were not tried", len(problems))
}

// lack says what a trial did not see.
func (t *tried) lack() string {
	clock := func(at time.Time) string { return at.Local().Format("2006-01-02 15:04 MST") }
	switch {
	case t.Since.After(t.From):
		return fmt.Sprintf("The trial met its bounds and got back to %s only: what was before was not looked at. Ask for fewer days.", clock(t.Since))
	case !t.CountedSince.IsZero():
		return fmt.Sprintf("Correlations had too much to count: they counted back to %s only.", clock(t.CountedSince))
	}
	return "Some of the stored events could not be read."
}
