package evidence

import (
	"context"
	"fmt"
	"time"

	"warder/internal/events"
	"warder/internal/module"
)

// Storage is what the console's page on storage shows.
type Storage struct {
	Usage     events.Usage     `json:"usage"`
	Keeping   []Keeping        `json:"keeping" doc:"how long each kind in usage is kept, in the same order"`
	Retention events.Retention `json:"retention" doc:"as it is configured, in days; 0 for ever"`
	Disk      Disk             `json:"disk"`
	Holds     []Hold           `json:"holds"`
	Erasures  []ErasureState   `json:"erasures" doc:"under way"`
	Deletions []Deleted        `json:"deletions" doc:"the newest records of what was removed"`
	Key       string           `json:"key" doc:"that signs bundles and deletion records: compare it with what warder evidence verify prints"`
}

// Keeping is for how many days a kind is kept; 0 for ever.
type Keeping struct {
	Days int `json:"days"`
	Raw  int `json:"raw"`
}

// Disk is how much room is left.
type Disk struct {
	Free     int64   `json:"free"`
	Total    int64   `json:"total"`
	PerDay   int64   `json:"per_day" doc:"bytes of evidence a day, over the last whole days up to seven; 0 while none is whole"`
	DaysLeft float64 `json:"days_left,omitempty" doc:"until the disk is full, if nothing is removed"`
}

// ErasureState is an erasure under way.
type ErasureState struct {
	ID        string     `json:"id"`
	Asked     time.Time  `json:"asked"`
	Name      string     `json:"name"`
	Why       string     `json:"why"`
	Events    int        `json:"events"`
	Held      int        `json:"held"`
	Segments  int        `json:"segments"`
	Open      int        `json:"open" doc:"files that are still to be written anew"`
	Rewritten *time.Time `json:"rewritten,omitempty"`
}

// Deleted is a deletion record, in short.
type Deleted struct {
	Number int       `json:"number"`
	At     time.Time `json:"at"`
	Kind   string    `json:"kind" enum:"erasure,retention,quarantine"`
	Events int       `json:"events"`
	Raw    int       `json:"raw,omitempty" doc:"events that lost their raw bytes only"`
	Kept   int       `json:"kept,omitempty" doc:"that stayed for an incident or a hold"`
	Who    string    `json:"who,omitempty"`
	Why    string    `json:"why,omitempty"`
}

const recentDeletions = 20

func (m *Module) storage(ctx context.Context, _ *module.None) (*Storage, error) {
	u, err := m.Store.Usage(ctx)
	if err != nil {
		return nil, err
	}
	s := &Storage{Usage: u, Keeping: []Keeping{}, Retention: m.Keep, Erasures: []ErasureState{}, Deletions: []Deleted{}, Key: m.key.Public()}
	for _, k := range u.Kinds {
		days, raw := m.Keep.Days(events.Kind{Category: k.Category, Source: k.Source, Exercise: k.Exercise})
		s.Keeping = append(s.Keeping, Keeping{days, raw})
	}
	if s.Holds, err = m.holds(ctx); err != nil {
		return nil, err
	}
	for _, e := range m.Store.Erasures() {
		s.Erasures = append(s.Erasures, stateOf(e))
	}
	recent, err := m.records.Newest(recentDeletions)
	if err != nil {
		return nil, err
	}
	for _, d := range recent {
		s.Deletions = append(s.Deletions, shortOf(d))
	}
	s.Disk, err = m.disk(u.Days)
	return s, err
}

func stateOf(e events.Erasure) ErasureState {
	out := ErasureState{ID: e.ID, Asked: e.Asked, Name: e.Name, Why: e.Why, Events: e.Events, Held: e.Held,
		Segments: len(e.Segments), Rewritten: e.Rewritten}
	for _, r := range e.Segments {
		if !r.Done {
			out.Open++
		}
	}
	return out
}

func shortOf(d Deletion) Deleted {
	out := Deleted{Number: d.Number, At: d.At}
	switch {
	case d.Erasure != nil:
		out.Kind, out.Events, out.Kept, out.Who, out.Why = "erasure", d.Erasure.Events, d.Erasure.Held, d.Erasure.Name, d.Erasure.Why
	case d.Retention != nil:
		out.Kind, out.Events, out.Raw, out.Kept = "retention", total(d.Retention.Dropped), total(d.Retention.Stripped), d.Retention.Kept
	case d.Quarantine != nil:
		out.Kind, out.Who, out.Why = "quarantine", d.Quarantine.Who, d.Quarantine.Why
	}
	return out
}

// forecastDays is over how many whole days the growth is measured.
const forecastDays = 7

func (m *Module) disk(days []events.DayUse) (Disk, error) {
	free, total, err := m.Disk()
	if err != nil {
		return Disk{}, fmt.Errorf("find how much of the disk is free: %w", err)
	}
	d := Disk{Free: free, Total: total}
	today := m.Now().UTC().Format(time.DateOnly)
	var bytes int64
	n := 0
	for _, day := range days {
		if day.Day < today && n < forecastDays {
			bytes += day.Bytes
			n++
		}
	}
	if n > 0 && bytes > 0 {
		d.PerDay = bytes / int64(n)
		d.DaysLeft = float64(free) / float64(max(d.PerDay, 1))
	}
	return d, nil
}
