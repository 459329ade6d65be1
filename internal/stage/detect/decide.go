package detect

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/kit/id"
	"warder/internal/module"
	"warder/internal/store"
)

// refresh puts in force what the database says was decided.
func (m *Module) refresh(ctx context.Context) error {
	next := &snapshot{settings: map[string]RuleSetting{}, exceptions: map[string][]*excepting{}}
	err := m.rows(ctx, `SELECT rule, title, off, severity, why, by_name, at FROM detect_setting`, nil, func(scan scanner) error {
		var s RuleSetting
		var at int64
		if err := scan(&s.Rule, &s.Title, &s.Off, &s.Severity, &s.Why, &s.Who, &at); err != nil {
			return err
		}
		s.At = store.FromMicros(at)
		next.settings[s.Rule] = s
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the settings of rules: %w", err)
	}
	err = m.rows(ctx, `SELECT id, rule, conditions, why, until, by_name, at, removed, hits FROM detect_exception
		ORDER BY at DESC, id DESC`, nil, func(scan scanner) error {
		x, err := scanException(scan, m.d.Settings.names)
		if err == nil {
			next.exceptions[x.Rule] = append(next.exceptions[x.Rule], x)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("read the exceptions of rules: %w", err)
	}
	m.d.Settings.replace(next)
	return nil
}

func scanException(scan scanner, names Names) (*excepting, error) {
	var e Exception
	var conditions string
	var until, at, removed int64
	if err := scan(&e.ID, &e.Rule, &conditions, &e.Why, &until, &e.Who, &at, &removed, &e.Hits); err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(conditions), &e.When); err != nil {
		return nil, fmt.Errorf("exception %s: %w", e.ID, err)
	}
	e.Until, e.At = store.FromMicros(until), store.FromMicros(at)
	x, err := newExcepting(e, names, removed != 0, e.Hits)
	if err != nil {
		return nil, fmt.Errorf("exception %s: %w", e.ID, err)
	}
	return x, nil
}

// decision is something that a person decides about a rule.
type decision struct {
	rule   string
	action string // in the audit
	detail map[string]any
	write  func(ctx context.Context, tx *store.Tx, who module.Principal) error
}

// decide does it in one transaction with its line in the audit and the message
// to those who look on, and puts it in force.
func (m *Module) decide(ctx context.Context, d decision) error {
	m.deciding.Lock()
	defer m.deciding.Unlock()
	who := module.Caller(ctx)
	err := m.d.Space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := d.write(ctx, tx, who); err != nil {
			return err
		}
		tx.Emit("change", d.rule, flow.Change{Kind: "rule", ID: d.rule})
		return tx.Audit(ctx, store.Entry{Time: m.d.Now(), By: who.ID, Name: who.Name, Action: d.action, Subject: d.rule, Detail: d.detail})
	})
	// Also after an error: the commit may have happened.
	if again := m.refresh(context.WithoutCancel(ctx)); again != nil {
		m.d.Log.Error("what was decided about rules could not be read", "error", again)
		return cmp.Or(err, again)
	}
	return err
}

// set keeps a setting.
func (m *Module) set(ctx context.Context, r *Rule, s RuleSetting) error {
	if err := checkWhy(s.Why); err != nil {
		return err
	}
	before, had := m.d.Settings.current.Load().settings[r.ID]
	detail := map[string]any{"title": r.Title, "off": s.Off, "severity": s.Severity, "why": s.Why}
	if had {
		detail["before"] = map[string]any{"off": before.Off, "severity": before.Severity, "why": before.Why}
	}
	return m.decide(ctx, decision{rule: r.ID, action: "rule.set", detail: detail,
		write: func(ctx context.Context, tx *store.Tx, who module.Principal) error {
			_, err := tx.ExecContext(ctx, `INSERT INTO detect_setting (rule, title, off, severity, why, by_id, by_name, at)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (rule) DO UPDATE SET title = excluded.title, off = excluded.off,
				severity = excluded.severity, why = excluded.why, by_id = excluded.by_id, by_name = excluded.by_name, at = excluded.at`,
				r.ID, r.Title, s.Off, string(s.Severity), s.Why, who.ID, nameOf(who), store.Micros(m.d.Now()))
			return err
		}})
}

func nameOf(who module.Principal) string { return cmp.Or(who.Name, who.ID, "Warder") }

// except keeps a new exception.
func (m *Module) except(ctx context.Context, r *Rule, when []ExceptionPart, why string, until time.Time) (*Exception, error) {
	now := m.d.Now().UTC().Truncate(time.Microsecond)
	e := Exception{ID: id.New(), Rule: r.ID, When: when, Why: why, Until: until.UTC().Truncate(time.Microsecond), At: now,
		Who: nameOf(module.Caller(ctx)), State: InForce}
	if err := checkException(e, now); err != nil {
		return nil, err
	}
	if _, err := newExcepting(e, m.d.Settings.names, false, 0); err != nil {
		return nil, err
	}
	conditions, err := json.Marshal(e.When)
	if err != nil {
		return nil, fmt.Errorf("write the conditions of an exception: %w", err)
	}
	detail := map[string]any{"exception": e.ID, "title": r.Title, "when": e.When, "why": e.Why, "until": e.Until}
	err = m.decide(ctx, decision{rule: r.ID, action: "rule.except", detail: detail,
		write: func(ctx context.Context, tx *store.Tx, who module.Principal) error {
			if m.d.Settings.current.Load().inForce(r.ID, now) >= mostInForce {
				return fault.New(fault.Conflict, "this rule has %d exceptions in force: it would be better to change the rule, or to switch it off", mostInForce)
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO detect_exception (id, rule, conditions, why, until, by_id, by_name, at, removed, hits)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0)`, e.ID, e.Rule, string(conditions), e.Why, store.Micros(e.Until),
				who.ID, e.Who, store.Micros(now)); err != nil {
				return err
			}
			return forgetOldest(ctx, tx, r.ID, now)
		}})
	if err != nil {
		return nil, err
	}
	return &e, nil
}

// forgetOldest deletes what is over beyond the newest exceptions of a rule.
func forgetOldest(ctx context.Context, tx *store.Tx, rule string, now time.Time) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM detect_exception WHERE rule = $1 AND (removed <> 0 OR until <= $2) AND id NOT IN
		(SELECT id FROM detect_exception WHERE rule = $1 ORDER BY at DESC, id DESC LIMIT $3)`, rule, store.Micros(now), mostListed)
	return err
}

// unexcept takes an exception back. It stays listed as removed.
func (m *Module) unexcept(ctx context.Context, rule, exception string) error {
	detail := map[string]any{"exception": exception}
	return m.decide(ctx, decision{rule: rule, action: "rule.unexcept", detail: detail,
		write: func(ctx context.Context, tx *store.Tx, who module.Principal) error {
			var removed int64
			var conditions, why string
			err := tx.QueryRowContext(ctx, `UPDATE detect_exception SET removed = CASE removed WHEN 0 THEN CAST($1 AS BIGINT) ELSE removed END
				WHERE id = $2 AND rule = $3 RETURNING removed, conditions, why`,
				store.Micros(m.d.Now()), exception, rule).Scan(&removed, &conditions, &why)
			if errors.Is(err, sql.ErrNoRows) {
				return fault.New(fault.NotFound, "rule %s has no exception %s", rule, exception)
			}
			detail["when"], detail["why"] = json.RawMessage(conditions), why
			return err
		}})
}
