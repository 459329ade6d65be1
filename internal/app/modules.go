package app

import (
	"warder/internal/events"
	"warder/internal/module"
	"warder/internal/stage/source"
	"warder/internal/stage/source/ingest"
)

// modules lists every module by hand, in the order of the way.
func (h *house) modules() []module.Module {
	return []module.Module{
		h.hospital,
		h.sources,
		h.unknown,
		h.rules,
		h.search,
		h.atRest,
		h.correlate,
		h.impact,
		h.respond,
		h.notify,
		h.exercises,
		h.backups,
		h.audit,
	}
}

// players are those who send to Warder's own listeners.
func (h *house) players() []step {
	all := []step{{"play exercises", h.exercises.Run, "scenarios", "outside"}}
	if h.demo.show != nil {
		all = append(all, step{"play the demo", h.demo.show.run, "scenarios", "outside"})
	}
	return all
}

// beside is what runs beside the way of an event.
func (h *house) beside() []step {
	return []step{
		{"watch the hospital model", h.hospital.Run, "", ""},
		{"list unknown assets", h.unknown.Run, "", ""},
		{"keep the rules' counters", h.rules.Run, "", ""},
		{"measure the way of events", h.line.Run, "", ""},
		{"tell of Warder's own troubles", h.alarm.run, "", "alert"},
		{"watch the disk", h.guard.run, "", "alert"},
		{"keep evidence as long as it may and must be", h.atRest.Run, "", ""},
		{"keep the audit's log", h.audit.Run, "", ""},
		{"forget messages that everybody has passed", h.trim, "", ""},
		{"make backups when they are due", h.backups.Run, "", ""},
	}
}

// routes gathers the API of every module, and of what answers without being one.
func (h *house) routes() []module.Route {
	var all []module.Route
	for _, m := range h.modules() {
		if r, ok := m.(module.Router); ok {
			all = append(all, r.Routes()...)
		}
	}
	for _, r := range []module.Router{
		ingest.New(h.sources.Inlets(source.KindHTTP), ingest.Options{Body: h.cfg.Sources.Limits.Body}),
		h.stream,
		h.texts,
		h.demo,
		events.NewSaved(h.store.Space("events"), h.now),
		h.line,
	} {
		all = append(all, r.Routes()...)
	}
	return all
}
