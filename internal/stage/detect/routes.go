package detect

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/module"
)

// Routes lists the module's operations.
func (m *Module) Routes() []module.Route {
	op := func(id, summary string, may module.Permission) module.Op {
		return module.Op{ID: id, Summary: summary, Tag: "detection", Permission: may}
	}
	excepted := op("except-rule", "Say which matches of a rule nobody wants to see, until when and why", module.EditRules)
	excepted.Status = http.StatusCreated
	try := op("try-rule", "Try rules on pasted or stored events", module.ReadEvents)
	try.MostBody = mostTryBody
	return []module.Route{
		module.Handle(http.MethodGet, "/rules", op("list-rules", "List the detection rules with what they found", module.ReadEvents), m.list),
		module.Handle(http.MethodGet, "/rules/{id}", op("get-rule", "Show one rule with its text, its tests and what was decided about it", module.ReadEvents), m.one),
		module.Handle(http.MethodPut, "/rules/{id}/setting", op("set-rule", "Switch a rule on or off, or change its severity", module.EditRules), m.setRule),
		module.Handle(http.MethodPost, "/rules/{id}/exceptions", excepted, m.exceptRule),
		module.Handle(http.MethodDelete, "/rules/{id}/exceptions/{exception}", op("remove-rule-exception", "Take an exception back", module.EditRules), m.unexceptRule),
		module.Handle(http.MethodPost, "/rules/reload", op("reload-rules", "Read the rules of every folder again", module.EditRules), m.reload),
		module.Handle(http.MethodPost, "/rules/check", op("check-rules", "Say what is wrong with the text of rules", module.ReadEvents), m.check),
		module.Handle(http.MethodPost, "/rules/explain", op("explain-rule", "Say why a rule meets an event or does not", module.ReadEvents), m.explain),
		module.Handle(http.MethodPost, "/rules/try", try, m.try),
	}
}

func (m *Module) list(_ context.Context, in *rulesInput) (*module.List[RuleStatus], error) {
	all := m.statuses()
	words := fields(in.Words)
	kept := all[:0]
	for i := range all {
		if in.keeps(&all[i], words) {
			kept = append(kept, all[i])
		}
	}
	in.sort(kept)
	from := 0
	if in.Cursor != "" {
		n, err := strconv.Atoi(in.Cursor)
		if err != nil || n < 0 {
			return nil, fault.New(fault.Invalid, "list rules: the cursor %q is none of ours", in.Cursor)
		}
		from = min(n, len(kept))
	}
	limit := in.Limit
	if limit <= 0 {
		limit = 100
	}
	to := min(from+limit, len(kept))
	page := &module.List[RuleStatus]{Items: kept[from:to], Total: len(kept)}
	if to < len(kept) {
		page.Next = strconv.Itoa(to)
	}
	return page, nil
}

type oneRule struct {
	ID string `path:"id" doc:"the rule's id" maxLength:"512"`
}

// known finds a rule in force, or one that is gone but about which something is
// set.
func (m *Module) known(id string) (*Rule, error) {
	if r := m.current.Load().rule(id); r != nil {
		return r, nil
	}
	v := view{decided: m.d.Settings.current.Load()}
	if _, set := v.decided.settings[id]; set || len(v.decided.exceptions[id]) > 0 {
		return v.gone(id), nil
	}
	return nil, fault.New(fault.NotFound, "there is no rule %s", id)
}

func (m *Module) one(ctx context.Context, in *oneRule) (*RuleDetail, error) {
	r, err := m.known(in.ID)
	if err != nil {
		return nil, err
	}
	return m.show(ctx, r)
}

type setInput struct {
	oneRule
	Body struct {
		Off      bool          `json:"off"`
		Severity flow.Severity `json:"severity" doc:"instead of the rule's own; empty for that" enum:",info,low,medium,high,critical"`
		Why      string        `json:"why" minLength:"1" maxLength:"1000"`
	}
}

func (m *Module) setRule(ctx context.Context, in *setInput) (*RuleStatus, error) {
	r, err := m.known(in.ID)
	if err != nil {
		return nil, err
	}
	if err := settable(r); err != nil {
		return nil, err
	}
	if err := m.set(ctx, r, RuleSetting{Off: in.Body.Off, Severity: in.Body.Severity, Why: in.Body.Why}); err != nil {
		return nil, err
	}
	v := m.look()
	s := v.status(m.d.Board.of(r))
	return &s, nil
}

// settable refuses what is no rule by itself: a file that cannot be read.
func settable(r *Rule) error {
	if r.ID == "" {
		return fault.New(fault.Conflict, "%s has no rule that could be set: %s", r.File, r.Error)
	}
	return nil
}

type exceptInput struct {
	oneRule
	Body struct {
		When  []ExceptionPart `json:"when" doc:"all must hold" minItems:"1" maxItems:"10"`
		Why   string          `json:"why" minLength:"1" maxLength:"1000"`
		Until time.Time       `json:"until" doc:"at most a year ahead"`
	}
}

func (m *Module) exceptRule(ctx context.Context, in *exceptInput) (*Exception, error) {
	r, err := m.known(in.ID)
	if err != nil {
		return nil, err
	}
	if err := settable(r); err != nil {
		return nil, err
	}
	return m.except(ctx, r, in.Body.When, in.Body.Why, in.Body.Until)
}

type unexceptInput struct {
	oneRule
	Exception string `path:"exception" doc:"the exception's id" maxLength:"100"`
}

func (m *Module) unexceptRule(ctx context.Context, in *unexceptInput) (*module.None, error) {
	return nil, m.unexcept(ctx, in.ID, in.Exception)
}

func (m *Module) reload(ctx context.Context, _ *module.None) (*ReloadResult, error) {
	return m.Reload(ctx)
}
