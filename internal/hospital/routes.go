package hospital

import (
	"context"
	"strconv"

	"warder/internal/kit/fault"
	"warder/internal/module"
)

// Routes lists the operations on the model.
func (m *Module) Routes() []module.Route {
	op := func(id, summary string, p module.Permission) module.Op {
		return module.Op{ID: id, Summary: summary, Tag: "hospital", Permission: p}
	}
	return []module.Route{
		module.Handle("GET", "/hospital", op("get-hospital", "The hospital in short", module.ReadHospital), m.getHospital),
		module.Handle("GET", "/hospital/versions", op("list-hospital-versions", "Versions of the model, newest first", module.ReadHospital), m.listVersions),
		module.Serve[ExportIn]("GET", "/hospital/export", op("export-hospital", "The model as a zip of its folder", module.ReadHospital),
			[]string{"application/zip"}, m.serveExport),
		module.Serve[ImportIn]("POST", "/hospital/import", op("import-hospital", "Put a model in the place of the one before", module.EditHospital),
			[]string{"application/json"}, m.serveImport),
		module.Handle("GET", "/assets", op("list-assets", "Assets, in the order of the model", module.ReadHospital), m.listAssets),
		module.Handle("GET", "/assets/{id}", op("get-asset", "One asset with where it stands and its neighbours", module.ReadHospital), m.getAsset),
		module.Handle("GET", "/floor-plans", op("list-floor-plans", "Floor plans", module.ReadHospital), m.listPlans),
		module.Serve[PlanIn]("GET", "/floor-plans/{id}", op("get-floor-plan", "The drawing of a floor plan", module.ReadHospital),
			[]string{"image/svg+xml"}, m.servePlan),
	}
}

// HospitalView is the hospital in short.
type HospitalView struct {
	Name     string      `json:"name"`
	Version  string      `json:"version" doc:"names the content of the model"`
	TimeZone string      `json:"time_zone" doc:"IANA name"`
	Demo     bool        `json:"demo"`
	Counts   ModelCounts `json:"counts"`
	Sites    []string    `json:"sites" doc:"ids of the sites"`
}

// ModelCounts are the sizes of the model's lists.
type ModelCounts struct {
	Assets       int `json:"assets"`
	Dependencies int `json:"dependencies"`
	Plans        int `json:"plans"`
}

func (m *Module) getHospital(context.Context, *module.None) (*HospitalView, error) {
	s := m.Snapshot()
	o := &HospitalView{Name: s.Name(), Version: s.Version(), TimeZone: s.TimeZone(), Demo: s.Demo(), Counts: countsOf(s), Sites: []string{}}
	for _, a := range s.Assets() {
		if a.Kind == Site {
			o.Sites = append(o.Sites, a.ID)
		}
	}
	return o, nil
}

func countsOf(s *Snapshot) ModelCounts {
	return ModelCounts{Assets: len(s.Assets()), Dependencies: len(s.Dependencies()), Plans: len(s.Plans())}
}

// VersionsIn asks for a page of the history.
type VersionsIn struct{ module.Page }

func (m *Module) listVersions(ctx context.Context, in *VersionsIn) (*module.List[ModelVersion], error) {
	var below int64
	if in.Cursor != "" {
		number, err := strconv.ParseInt(in.Cursor, 10, 64)
		if err != nil || number < 1 {
			return nil, fault.New(fault.Invalid, "The cursor %q is not one that this list gave. Begin again with the first page.", shorten(in.Cursor))
		}
		below = number
	}
	limit := pageSize(in.Limit)
	list, err := m.History(ctx, below, limit+1)
	if err != nil {
		return nil, err
	}
	page := &module.List[ModelVersion]{Items: list}
	if len(list) > limit {
		page.Items = list[:limit]
		page.Next = strconv.FormatInt(list[limit-1].Number, 10)
	}
	return page, nil
}

// FloorPlan is a floor plan without its drawing.
type FloorPlan struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Place string `json:"place" doc:"id of the floor, building or site that it shows"`
}

func (m *Module) listPlans(context.Context, *module.None) (*module.List[FloorPlan], error) {
	page := &module.List[FloorPlan]{Items: []FloorPlan{}}
	for _, p := range m.Snapshot().Plans() {
		page.Items = append(page.Items, FloorPlan{ID: p.ID, Name: p.Name, Place: p.Place})
	}
	page.Total = len(page.Items)
	return page, nil
}

// pageSize is the size of a page for whoever calls without the API's defaults.
func pageSize(limit int) int {
	if limit <= 0 {
		return 100
	}
	return min(limit, 500)
}

func unknownAsset(id string) error {
	return fault.New(fault.NotFound, "There is no asset %q in the hospital model. Look for it in the list of assets.", shorten(id))
}
