package source

import (
	"context"
	"net/http"

	"warder/internal/kit/fault"
	"warder/internal/module"
)

type failuresInput struct {
	ID string `path:"id" doc:"id of the source" maxLength:"63"`
}

// Routes implements module.Router.
func (m *Module) Routes() []module.Route {
	return []module.Route{
		module.Handle(http.MethodGet, "/sources", module.Op{
			ID: "list-sources", Summary: "How every source fares", Tag: "sources", Permission: module.ReadSources,
		}, m.listSources),
		module.Handle(http.MethodGet, "/sources/{id}/failures", module.Op{
			ID: "list-source-failures", Summary: "The newest records of a source that could not be read, newest first",
			Tag: "sources", Permission: module.ReadSources, Look: "source.look",
		}, m.listFailures),
	}
}

func (m *Module) listSources(context.Context, *module.None) (*module.List[SourceHealth], error) {
	h := m.Health()
	return &module.List[SourceHealth]{Items: h, Total: len(h)}, nil
}

func (m *Module) listFailures(_ context.Context, in *failuresInput) (*module.List[Failure], error) {
	f := m.byID[in.ID]
	if f == nil {
		return nil, fault.New(fault.NotFound, "there is no source %q; GET /sources lists them", in.ID)
	}
	f.meter.mu.Lock()
	defer f.meter.mu.Unlock()
	items := f.meter.failures.newest()
	return &module.List[Failure]{Items: items, Total: len(items)}, nil
}
