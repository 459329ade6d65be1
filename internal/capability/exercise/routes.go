package exercise

import (
	"context"
	"net/http"
	"slices"

	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/store"
)

// Routes implements module.Router.
func (m *Module) Routes() []module.Route {
	op := func(id, summary string, p module.Permission) module.Op {
		return module.Op{ID: id, Summary: summary, Tag: "exercises", Permission: p}
	}
	begin := op("start-exercise", "Begin to play a scenario as an exercise", module.RunExercises)
	begin.Status = http.StatusCreated
	return []module.Route{
		module.Handle("GET", "/exercises/scenarios", op("list-scenarios", "List the scenarios that can be played", module.ReadIncidents), m.scenarios),
		module.Handle("POST", "/exercises", begin, m.post),
		module.Handle("GET", "/exercises", op("list-exercises", "List exercises, newest first", module.ReadIncidents), m.get),
		module.Handle("DELETE", "/exercises/{id}", op("stop-exercise", "Stop an exercise; one that has ended stays as it is", module.RunExercises), m.delete),
	}
}

// ScenarioInfo is a scenario as the API shows it.
type ScenarioInfo struct {
	ID       string        `json:"id"`
	Title    Title         `json:"title"`
	Story    string        `json:"story"`
	Hospital string        `json:"hospital" doc:"the hospital that it was written for"`
	Length   float64       `json:"length_s" doc:"seconds"`
	Records  int           `json:"records" doc:"of the time line, without noise"`
	Noise    bool          `json:"noise" doc:"whether ordinary records are played around it"`
	Expects  []flow.Threat `json:"expects" doc:"types of the incidents that must come"`
	Playable bool          `json:"playable" doc:"whether it can be played in this hospital"`
	Why      string        `json:"why,omitempty" doc:"why it cannot"`
}

func (m *Module) scenarios(context.Context, *module.None) (*module.List[ScenarioInfo], error) {
	page := &module.List[ScenarioInfo]{Items: []ScenarioInfo{}}
	for _, listed := range m.o.Library.All() {
		s, err := m.o.Library.Find(listed.ID)
		if err != nil {
			return nil, err
		}
		info := ScenarioInfo{
			ID: s.ID, Title: s.Title, Story: s.Story, Hospital: s.Hospital, Length: s.Length().Seconds(),
			Records: len(s.Timeline), Noise: s.Noise != nil, Expects: []flow.Threat{}, Playable: true,
		}
		for _, in := range s.Expect.Incidents {
			info.Expects = append(info.Expects, in.Type)
		}
		if err := playable(s, m.o.Model.Snapshot()); err != nil {
			info.Playable, info.Why = false, err.Error()
		}
		page.Items = append(page.Items, info)
	}
	page.Total = len(page.Items)
	return page, nil
}

type postIn struct {
	Body struct {
		Scenario string  `json:"scenario" minLength:"1" maxLength:"64" doc:"id of the scenario"`
		Speed    float64 `json:"speed,omitempty" minimum:"0" maximum:"1000" default:"1" doc:"scenario seconds per second"`
		Fastest  bool    `json:"fastest,omitempty" doc:"as fast as the listeners take it, whatever the speed"`
	}
}

func (m *Module) post(ctx context.Context, in *postIn) (*Exercise, error) {
	speed := in.Body.Speed
	switch {
	case in.Body.Fastest:
		speed = 0
	case speed == 0:
		speed = 1
	case !(speed > 0 && speed <= 1000):
		return nil, fault.New(fault.Invalid, "speed must lie above 0 and be at most 1000")
	}
	return m.start(ctx, in.Body.Scenario, speed)
}

func (m *Module) get(ctx context.Context, in *module.Page) (*module.List[Exercise], error) {
	page, next, err := m.list(ctx, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	return &module.List[Exercise]{Items: slices.Concat([]Exercise{}, page), Next: next}, nil
}

type deleteIn struct {
	ID string `path:"id" maxLength:"64"`
}

func (m *Module) delete(ctx context.Context, in *deleteIn) (*module.None, error) {
	if err := m.halt(ctx, in.ID); err != nil {
		return nil, err
	}
	who := module.Caller(ctx)
	return nil, m.o.Space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.Audit(ctx, store.Entry{Time: m.o.Now(), By: who.ID, Name: who.Name, Action: "exercise.stop", Subject: in.ID})
	})
}
