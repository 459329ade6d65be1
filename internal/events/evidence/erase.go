package evidence

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"

	"warder/internal/events"
	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/kit/id"
	"warder/internal/module"
)

func keyPath(dir string) string     { return filepath.Join(dir, "key.pem") }
func recordsPath(dir string) string { return filepath.Join(dir, "deletions") }

func recordName(n int) string { return "record " + strconv.Itoa(n) }

// EraseIn asks for an erasure. One of Person, Query and IDs.
type EraseIn struct {
	Body struct {
		Person   string   `json:"person,omitempty" maxLength:"500" doc:"a name, account, badge or number: events in which an actor, a target or a patient is exactly this"`
		Anywhere bool     `json:"anywhere,omitempty" doc:"also events that only mention the person, in whatever text"`
		Query    string   `json:"query,omitempty" maxLength:"8192" doc:"in the query language"`
		IDs      []string `json:"ids,omitempty" maxItems:"10000" doc:"of events"`
		Why      string   `json:"why,omitempty" maxLength:"500" doc:"a case number; no name, for it stays. Required unless it is a preview"`
		Preview  bool     `json:"preview,omitempty" doc:"only say what would happen"`
	}
}

// Erased is what an erasure does, or would do.
type Erased struct {
	ID       string `json:"id,omitempty" doc:"absent for a preview"`
	Events   int    `json:"events" doc:"that are or would be erased"`
	Held     int    `json:"held" doc:"that stay, because a legal hold names them"`
	Segments int    `json:"segments" doc:"files that are written anew"`
	Why      string `json:"why_held,omitempty"`
}

// personFields are where an event names a person.
func personFields() []string {
	return []string{flow.AttrPerson, flow.AttrUser, flow.AttrBadge, flow.AttrTargetUser, flow.AttrPatient, flow.AttrSender, flow.AttrRecipient}
}

// personQuery finds the events of a person.
func personQuery(person string, anywhere bool) string {
	quoted := `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(person) + `"`
	if anywhere {
		return quoted
	}
	var terms []string
	for _, field := range personFields() {
		terms = append(terms, field+":"+quoted)
	}
	return strings.Join(terms, " OR ")
}

func (in *EraseIn) request() (events.Request, error) {
	b := in.Body
	asked := 0
	for _, yes := range []bool{b.Person != "", b.Query != "", len(b.IDs) > 0} {
		if yes {
			asked++
		}
	}
	if asked != 1 {
		return events.Request{}, fault.New(fault.Invalid, "say whose events to erase in one way: person, query or ids")
	}
	if b.Person != "" {
		return events.Request{Query: personQuery(b.Person, b.Anywhere)}, nil
	}
	return events.Request{Query: b.Query, IDs: b.IDs}, nil
}

func (m *Module) erase(ctx context.Context, in *EraseIn) (*Erased, error) {
	r, err := in.request()
	if err != nil {
		return nil, err
	}
	if in.Body.Preview {
		f, err := m.Store.Preview(ctx, r)
		return m.erased("", f.Events, f.Held, f.Segments), err
	}
	if strings.TrimSpace(in.Body.Why) == "" {
		return nil, fault.New(fault.Invalid, "say why: a case number, for example")
	}
	return m.carryOut(ctx, r, in.Body.Why)
}

func (m *Module) erased(id string, gone, held, segments int) *Erased {
	e := &Erased{ID: id, Events: gone, Held: held, Segments: segments}
	if held > 0 {
		e.Why = "a legal hold names them; they can be erased when it is released"
	}
	return e
}

// carryOut erases: noted first, because what cannot be noted does not take place.
// It goes to its end also when the one who asked has gone away.
func (m *Module) carryOut(ctx context.Context, r events.Request, why string) (*Erased, error) {
	ctx = context.WithoutCancel(ctx)
	if err := m.followHolds(ctx); err != nil {
		return nil, err
	}
	last, err := m.Raw.Last(ctx)
	if err != nil {
		return nil, fmt.Errorf("find where topic raw ends: %w", err)
	}
	who := module.Caller(ctx)
	o := events.Order{ID: id.New(), Request: r, By: who.ID, Name: who.Name, Why: why, Through: last}
	if err := m.audit(ctx, "evidence.erase", o.ID, map[string]any{"why": why}); err != nil {
		return nil, err
	}
	e, err := m.Store.Erase(ctx, o)
	if err != nil {
		return nil, err
	}
	select {
	case m.wake <- struct{}{}:
	default:
	}
	err = m.audit(ctx, "evidence.erased", o.ID, map[string]any{"events": e.Events, "held": e.Held, "segments": len(e.Segments)})
	return m.erased(e.ID, e.Events, e.Held, len(e.Segments)), err
}

// Erase implements module.Eraser.
func (m *Module) Erase(ctx context.Context, person string) (int, error) {
	if strings.TrimSpace(person) == "" {
		return 0, fault.New(fault.Invalid, "nobody is named")
	}
	e, err := m.carryOut(ctx, events.Request{Query: personQuery(person, false)}, "erasure of a person")
	if err != nil {
		return 0, err
	}
	return e.Events, nil
}

// EndErasures records those erasures whose bytes have left the files and topic
// raw, and then forgets what was asked for. Run does it from time to time.
func (m *Module) EndErasures(ctx context.Context) error {
	under := m.Store.Erasures()
	if len(under) == 0 {
		return nil
	}
	trimmed, err := m.Raw.Trimmed(ctx)
	if err != nil {
		return fmt.Errorf("find how far topic raw is trimmed: %w", err)
	}
	for _, e := range under {
		if e.Rewritten == nil || trimmed < e.Through {
			continue
		}
		if err := m.endErasure(ctx, e.ID); err != nil && fault.KindOf(err) != fault.Conflict {
			return err // in conflict: a search still reads an old file
		}
	}
	return nil
}

func (m *Module) endErasure(ctx context.Context, id string) error {
	recorded, err := m.records.erasure(id)
	if err != nil {
		return err
	}
	if !recorded {
		removed, err := m.Store.Removed(id)
		if err != nil {
			return err
		}
		n, err := m.records.Add(Deletion{Instance: m.Instance, Version: m.Version, At: m.Now(), Erasure: &removed})
		if err != nil {
			return err
		}
		if err := m.audit(ctx, "evidence.record", recordName(n), map[string]any{"erasure": id}); err != nil {
			return err
		}
	}
	return m.Store.Forget(id)
}

// RecordIn names a deletion record.
type RecordIn struct {
	Number int `path:"number" minimum:"1"`
}

func (m *Module) serveRecord(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.PathValue("number"))
	if err != nil {
		err = fault.New(fault.NotFound, "there is no such deletion record")
	}
	var body []byte
	if err == nil {
		body, err = m.records.Bytes(n)
	}
	if err != nil {
		m.refuse(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="deletion-%08d.json"`, n))
	_, _ = w.Write(body) // the caller has gone away; there is nobody to tell
}

// DiscardIn names a file in the quarantine.
type DiscardIn struct {
	Name string `path:"name" maxLength:"200"`
	Body struct {
		Why string `json:"why" minLength:"1" maxLength:"500"`
	}
}

func (m *Module) discard(ctx context.Context, in *DiscardIn) (*module.None, error) {
	if err := m.audit(ctx, "evidence.discard", in.Name, map[string]any{"why": in.Body.Why}); err != nil {
		return nil, err
	}
	if err := m.Store.Discard(in.Name); err != nil {
		return nil, err
	}
	who := module.Caller(ctx)
	_, err := m.records.Add(Deletion{Instance: m.Instance, Version: m.Version, At: m.Now(),
		Quarantine: &Discarded{Name: in.Name, By: who.ID, Who: who.Name, Why: in.Body.Why}})
	return nil, err
}
