package app

import "warder/internal/app/pipeline"

// watchLine puts the way of events under watch, with a view of every topic whose
// messages a person may have to mend.
func (h *house) watchLine() *pipeline.Line {
	t := h.topics
	o := pipeline.Options{
		Log: h.exchange, Workers: h.watchedWorkers(), Disk: h.disk, Space: h.store.Space("pipeline"), Now: h.now,
		Order: []string{t.raw.Name(), t.loose.Name()},
		Views: map[string]pipeline.View{
			t.raw.Name(): pipeline.ViewOfRaw(t.raw), t.loose.Name(): pipeline.ViewOf(t.loose), t.alerts.Name(): pipeline.ViewOf(t.alerts),
			t.incidents.Name(): pipeline.ViewOf(t.incidents), t.impacts.Name(): pipeline.ViewOf(t.impacts), t.notices.Name(): pipeline.ViewOf(t.notices),
			t.timeline.Name(): pipeline.ViewOf(t.timeline), t.models.Name(): pipeline.ViewOf(t.models), t.changes.Name(): pipeline.ViewOf(t.changes),
		},
	}
	for _, part := range t.hits {
		o.Order = append(o.Order, part.Name())
		o.Views[part.Name()] = pipeline.ViewOf(part)
	}
	o.Order = append(o.Order, t.alerts.Name(), t.incidents.Name(), t.impacts.Name(), t.timeline.Name(), t.notices.Name(), t.models.Name(), t.changes.Name())
	return pipeline.New(o)
}
