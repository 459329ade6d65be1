package detect

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/kit/id"
	"warder/internal/module"
	"warder/internal/store"
)

// watchEvery is how often the folders of rules are looked at. Rules are read
// again when two looks in a row found the same change, so that whoever copies
// files is let to finish.
const watchEvery = 3 * time.Second

// ReloadResult is what changed when the rules were read again.
type ReloadResult struct {
	Loaded  int      `json:"loaded" doc:"rules that work, those that are off included"`
	Failed  int      `json:"failed" doc:"files or rules that could not be read; GET /rules?status=error names them"`
	Added   []string `json:"added"`
	Removed []string `json:"removed"`
	Changed []string `json:"changed" doc:"rules that became others: by their own document, a filter of theirs or the values of their placeholders"`
}

// Reload reads the rules anew, beside those in force, and then puts them in
// their place. What correlations have counted stays where their meaning is the
// same. When a folder cannot be read the rules in force stay.
func (m *Module) Reload(ctx context.Context) (*ReloadResult, error) {
	m.reloading.Lock()
	defer m.reloading.Unlock()
	state := m.d.Library.State() // before reading: what changes meanwhile is seen next time
	next, err := m.d.Library.Load(ctx)
	m.watched.read(state)
	if err != nil {
		m.reloads.failed.Add(1)
		return nil, &fault.Error{Kind: fault.Conflict, Cause: err,
			Sentence: fmt.Sprintf("The rules were not read again, and those in force stay: %v", err)}
	}
	before := m.current.Load()
	r := compare(before, next)
	m.current.Store(next)
	m.d.Swap(next)
	m.d.Board.Set(next.Ruleset.Rules)
	m.slow.forget()
	m.reloads.done.Add(1)
	for i := range next.Ruleset.Rules {
		if rule := &next.Ruleset.Rules[i]; rule.Error != "" && !slices.ContainsFunc(before.Ruleset.Rules, sameFailure(rule)) {
			m.d.Log.Warn("a rule could not be loaded", "file", rule.File, "error", rule.Error)
		}
	}
	m.d.Log.Info("the rules were read again", "loaded", r.Loaded, "failed", r.Failed,
		"added", len(r.Added), "removed", len(r.Removed), "changed", len(r.Changed))
	if err := m.recordReload(ctx, r); err != nil {
		m.d.Log.Warn("that the rules were read again could not be recorded", "error", err)
	}
	return r, nil
}

func sameFailure(as *Rule) func(Rule) bool {
	return func(r Rule) bool { return r.Error == as.Error && r.File == as.File }
}

// recordReload writes to the audit and tells those who look on. The new rules
// are in force whether or not that succeeds.
func (m *Module) recordReload(ctx context.Context, r *ReloadResult) error {
	who := module.Caller(ctx)
	return m.d.Space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		tx.Emit("change", "rules", flow.Change{Kind: "rule"})
		return tx.Audit(ctx, store.Entry{Time: m.d.Now(), By: who.ID, Name: who.Name, Action: "rules.reload", Subject: "rules",
			Detail: map[string]any{"loaded": r.Loaded, "failed": r.Failed,
				"added": few(r.Added), "removed": few(r.Removed), "changed": few(r.Changed)}})
	})
}

// few bounds what one line of the audit lists.
func few(ids []string) []string { return ids[:min(len(ids), 100)] }

// compare tells what differs between two packs.
func compare(before, next *Pack) *ReloadResult {
	r := &ReloadResult{Added: []string{}, Removed: []string{}, Changed: []string{}}
	old, prints := before.prints(), next.prints()
	seen := map[string]bool{}
	for i := range next.Ruleset.Rules {
		rule := &next.Ruleset.Rules[i]
		if rule.Error != "" {
			r.Failed++
		} else {
			r.Loaded++
		}
		k := key(rule)
		if seen[k] {
			continue
		}
		seen[k] = true
		switch print, there := old[k]; {
		case !there:
			r.Added = append(r.Added, k)
		case print != prints[k]:
			r.Changed = append(r.Changed, k)
		}
	}
	for k := range old {
		if !seen[k] {
			r.Removed = append(r.Removed, k)
		}
	}
	slices.Sort(r.Removed)
	return r
}

// watch is what is known of the folders' state. It belongs to the goroutine of
// the watch, but for what a reload notes.
type watch struct {
	known string // state that was read last, whether that succeeded
	seen  string // state of the last look
}

// read notes that a state was read.
func (s *watch) read(state string) { s.known, s.seen = state, state }

// due tells whether a state differs from what was read and has come to rest.
func (s *watch) due(state string) bool {
	rests := state == s.seen
	s.seen = state
	return rests && state != s.known
}

// lookAtFolders reads the rules again when their files changed and came to rest.
func (m *Module) lookAtFolders(ctx context.Context) {
	state := m.d.Library.State()
	m.reloading.Lock()
	due := m.watched.due(state)
	m.reloading.Unlock()
	if !due {
		return
	}
	_, err := m.Reload(ctx)
	if err == nil {
		return
	}
	m.d.Log.Error("changed rules could not be read; those in force stay", "error", err)
	cause := errors.Unwrap(err)
	if cause == nil {
		cause = err
	}
	at := m.d.Now().UTC()
	m.raise(ctx, flow.Alert{
		ID: id.Derive("al", "health/rules-unreadable", at.Format(time.RFC3339Nano)), Rule: "health/rules-unreadable",
		Text:     flow.Text{Code: "alert.rules.unreadable", Params: map[string]string{"error": cause.Error()}},
		Severity: flow.SeverityMedium, Time: at, Received: at,
	})
}

// raise publishes an alert about Warder's own rules.
func (m *Module) raise(ctx context.Context, a flow.Alert) {
	a.Detector, a.Source, a.Threat, a.Events = "health", "warder", flow.ThreatPipeline, []string{}
	if _, err := m.d.Alerts.Publish(ctx, "warder", a); err != nil && ctx.Err() == nil {
		m.d.Log.Error("an alert about the rules could not be published", "rule", a.Rule, "error", err)
	}
}
