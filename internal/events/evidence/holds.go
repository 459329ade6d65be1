package evidence

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/kit/id"
	"warder/internal/module"
	"warder/internal/store"
)

// Hold keeps the events of an incident from every removal.
type Hold struct {
	ID       string     `json:"id"`
	Incident string     `json:"incident"`
	Number   int64      `json:"number" doc:"the incident's"`
	Why      string     `json:"why"`
	Around   bool       `json:"around" doc:"also what happened at its assets in its time"`
	Placed   time.Time  `json:"placed"`
	By       string     `json:"by"`
	Name     string     `json:"name"`
	Until    *time.Time `json:"until,omitempty"`
	Released *time.Time `json:"released,omitempty"`
	// ReleasedBy is the name of who released it.
	ReleasedBy  string `json:"released_by,omitempty"`
	ReleasedWhy string `json:"released_why,omitempty"`
	Events      int    `json:"events" doc:"that the incident's alerts name"`
	InForce     bool   `json:"in_force"`

	from, to time.Time
	assets   []string
}

// HoldIn places a hold.
type HoldIn struct {
	Body struct {
		Incident string     `json:"incident" minLength:"1" maxLength:"128"`
		Why      string     `json:"why" minLength:"1" maxLength:"500" doc:"for whom or what: a case number"`
		Around   bool       `json:"around,omitempty" doc:"also hold what happened at the incident's assets, from an hour before to an hour after"`
		Until    *time.Time `json:"until,omitempty" doc:"when it ends by itself; absent: when somebody releases it"`
	}
}

// ReleaseIn ends a hold.
type ReleaseIn struct {
	ID   string `path:"id" maxLength:"128"`
	Body struct {
		Why string `json:"why" minLength:"1" maxLength:"500"`
	}
}

// HoldsIn asks for holds.
type HoldsIn struct {
	Incident string `query:"incident" maxLength:"128" doc:"only of this incident"`
}

const holdColumns = `id, incident, number, why, around, placed, by_id, by_name, ends, released, released_name, released_why,
	from_at, to_at, assets, (SELECT count(*) FROM events_hold_event e WHERE e.hold = events_hold.id)`

func (m *Module) listHolds(ctx context.Context, in *HoldsIn) (*module.List[Hold], error) {
	all, err := m.holds(ctx)
	if err != nil {
		return nil, err
	}
	items := slices.DeleteFunc(all, func(h Hold) bool { return in.Incident != "" && h.Incident != in.Incident })
	return &module.List[Hold]{Items: items}, nil
}

// holds lists all holds, those in force first, then the newest first.
func (m *Module) holds(ctx context.Context) ([]Hold, error) {
	rows, err := m.Table.QueryContext(ctx, `SELECT `+holdColumns+` FROM events_hold ORDER BY placed DESC, id LIMIT 1000`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []Hold{}
	for rows.Next() {
		var h Hold
		var placed, ends, released, from, to int64
		var assets string
		if err := rows.Scan(&h.ID, &h.Incident, &h.Number, &h.Why, &h.Around, &placed, &h.By, &h.Name, &ends, &released,
			&h.ReleasedBy, &h.ReleasedWhy, &from, &to, &assets, &h.Events); err != nil {
			return nil, m.Table.Fault("read a hold", err)
		}
		if err := json.Unmarshal([]byte(assets), &h.assets); err != nil {
			return nil, fmt.Errorf("read a hold's assets: %w", err)
		}
		h.Placed, h.from, h.to = store.FromMicros(placed), store.FromMicros(from), store.FromMicros(to)
		h.Until, h.Released = moment(ends), moment(released)
		h.InForce = h.Released == nil && (h.Until == nil || m.Now().Before(*h.Until))
		out = append(out, h)
	}
	slices.SortStableFunc(out, func(a, b Hold) int {
		switch {
		case a.InForce == b.InForce:
			return 0
		case a.InForce:
			return -1
		}
		return 1
	})
	return out, m.Table.Fault("list the holds", rows.Err())
}

func moment(us int64) *time.Time {
	if us == 0 {
		return nil
	}
	t := store.FromMicros(us)
	return &t
}

func (m *Module) placeHold(ctx context.Context, in *HoldIn) (*Hold, error) {
	b := in.Body
	if strings.TrimSpace(b.Why) == "" {
		return nil, fault.New(fault.Invalid, "say why: a hold that nobody can explain is not lifted either")
	}
	if b.Until != nil && !b.Until.After(m.Now()) {
		return nil, fault.New(fault.Invalid, "a hold cannot end in the past")
	}
	s, err := m.Incidents.Story(ctx, b.Incident)
	if err != nil {
		return nil, err
	}
	who := module.Caller(ctx)
	h := &Hold{ID: id.New(), Incident: b.Incident, Number: s.Incident.Number, Why: strings.TrimSpace(b.Why), Around: b.Around,
		Placed: m.Now(), By: who.ID, Name: who.Name, Until: b.Until, InForce: true}
	var ends int64
	if b.Until != nil {
		ends = store.Micros(*b.Until)
	}
	err = m.Table.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO events_hold (id, incident, number, why, around, placed, by_id, by_name, ends, released,
			released_name, released_why, from_at, to_at, assets) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,0,'','',0,0,'[]')`,
			h.ID, h.Incident, h.Number, h.Why, h.Around, store.Micros(h.Placed), h.By, h.Name, ends)
		if err != nil {
			return err
		}
		if err := widen(ctx, tx, h, s); err != nil {
			return err
		}
		return tx.Audit(ctx, m.entry(ctx, "evidence.hold", h.Incident, map[string]any{"hold": h.ID, "why": h.Why, "around": h.Around}))
	})
	if err != nil {
		return nil, err
	}
	return h, m.applyHolds(ctx)
}

// reach is how far around an incident's alerts a hold goes that is asked to.
const reach = time.Hour

// widen makes a hold cover what its incident rests on now; it never shrinks.
func widen(ctx context.Context, tx *store.Tx, h *Hold, s Story) error {
	for _, j := range s.Joins {
		for _, event := range j.Alert.Events {
			if _, err := tx.ExecContext(ctx, `INSERT INTO events_hold_event (hold, event) VALUES ($1, $2) ON CONFLICT (hold, event) DO NOTHING`, h.ID, event); err != nil {
				return err
			}
		}
		from, to := j.Alert.Time.Add(-reach), j.Alert.Time.Add(reach)
		if h.from.IsZero() || h.from.UnixMicro() == 0 || from.Before(h.from) {
			h.from = from
		}
		if to.After(h.to) {
			h.to = to
		}
		for _, a := range j.Alert.Assets {
			if a.Role != flow.RolePlace && !slices.Contains(h.assets, a.ID) {
				h.assets = append(h.assets, a.ID)
			}
		}
	}
	slices.Sort(h.assets)
	assets, err := json.Marshal(append([]string{}, h.assets...))
	if err != nil {
		return fmt.Errorf("write a hold's assets: %w", err)
	}
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM events_hold_event WHERE hold = $1`, h.ID).Scan(&h.Events); err != nil {
		return err
	}
	if h.from.IsZero() {
		return nil
	}
	_, err = tx.ExecContext(ctx, `UPDATE events_hold SET from_at = $1, to_at = $2, assets = $3 WHERE id = $4`,
		store.Micros(h.from), store.Micros(h.to), string(assets), h.ID)
	return err
}

func (m *Module) releaseHold(ctx context.Context, in *ReleaseIn) (*module.None, error) {
	all, err := m.holds(ctx)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(all, func(h Hold) bool { return h.ID == in.ID })
	if at < 0 {
		return nil, fault.New(fault.NotFound, "there is no hold %q", in.ID)
	}
	if !all[at].InForce {
		return nil, fault.New(fault.Conflict, "this hold has ended already")
	}
	who := module.Caller(ctx)
	err = m.Table.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE events_hold SET released = $1, released_name = $2, released_why = $3 WHERE id = $4`,
			store.Micros(m.Now()), who.Name, in.Body.Why, in.ID)
		if err != nil {
			return err
		}
		return tx.Audit(ctx, m.entry(ctx, "evidence.release", all[at].Incident, map[string]any{"hold": in.ID, "why": in.Body.Why}))
	})
	if err != nil {
		return nil, err
	}
	return nil, m.applyHolds(ctx)
}

// followHolds makes every hold in force cover what joined its incident since, also
// when that was merged into another.
func (m *Module) followHolds(ctx context.Context) error {
	all, err := m.holds(ctx)
	if err != nil {
		return err
	}
	for _, h := range all {
		if !h.InForce {
			continue
		}
		if err := m.follow(ctx, h); err != nil {
			return fmt.Errorf("follow the hold on incident %d: %w", h.Number, err)
		}
	}
	return m.applyHolds(ctx)
}

// mostMerges bounds the way from an incident to what it became.
const mostMerges = 20

func (m *Module) follow(ctx context.Context, h Hold) error {
	at := h.Incident
	for range mostMerges {
		s, err := m.Incidents.Story(ctx, at)
		if fault.KindOf(err) == fault.NotFound {
			return nil // the demo was removed; what is held stays held
		}
		if err != nil {
			return err
		}
		if err := m.Table.Write(ctx, func(ctx context.Context, tx *store.Tx) error { w := h; return widen(ctx, tx, &w, s) }); err != nil {
			return err
		}
		if s.Incident.MergedIn == "" {
			return nil
		}
		at = s.Incident.MergedIn
	}
	return nil
}

// applyHolds tells the event store what it must not remove.
func (m *Module) applyHolds(ctx context.Context) error {
	all, err := m.holds(ctx)
	if err != nil {
		return err
	}
	inForce := slices.DeleteFunc(all, func(h Hold) bool { return !h.InForce })
	if len(inForce) == 0 {
		m.Store.Hold(nil)
		return nil
	}
	named := map[string]bool{}
	for _, h := range inForce {
		if err := m.named(ctx, h.ID, named); err != nil {
			return err
		}
	}
	m.Store.Hold(func(e *flow.Event) bool {
		return named[e.ID] || slices.ContainsFunc(inForce, func(h Hold) bool { return h.isAround(e) })
	})
	return nil
}

func (m *Module) named(ctx context.Context, hold string, into map[string]bool) error {
	rows, err := m.Table.QueryContext(ctx, `SELECT event FROM events_hold_event WHERE hold = $1`, hold)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var event string
		if err := rows.Scan(&event); err != nil {
			return m.Table.Fault("read what is held", err)
		}
		into[event] = true
	}
	return m.Table.Fault("read what is held", rows.Err())
}

func (h *Hold) isAround(e *flow.Event) bool {
	if !h.Around || e.Time.Before(h.from) || e.Time.After(h.to) {
		return false
	}
	return slices.ContainsFunc(e.Assets, func(a flow.AssetRef) bool { return slices.Contains(h.assets, a.ID) })
}
