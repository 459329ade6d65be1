package hospital_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"warder/internal/hospital"
	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/store/storetest"
)

// served is a module behind its routes, without the API's sessions.
type served struct {
	*hospital.Module
	mux    *http.ServeMux
	routes map[string]module.Route
}

func serve(t *testing.T) *served {
	t.Helper()
	s := &served{Module: newModule(t, storetest.Open(t, storetest.SQLite(t))), mux: http.NewServeMux(), routes: make(map[string]module.Route)}
	for _, r := range s.Routes() {
		if r.Permission == "" {
			t.Errorf("route %s has no permission", r.ID)
		}
		s.routes[r.ID] = r
		if r.Raw != nil {
			s.mux.HandleFunc(r.Method+" "+r.Path, r.Raw)
		}
	}
	return s
}

// ask calls a typed route.
func ask[O any](t *testing.T, s *served, id string, in any) (*O, error) {
	t.Helper()
	r := s.routes[id]
	if reflect.TypeOf(in).Elem() != r.In {
		t.Fatalf("route %s takes %v", id, r.In)
	}
	out, err := r.Call(t.Context(), in)
	if err != nil {
		return nil, err
	}
	return out.(*O), nil
}

func (s *served) do(method, target string, body []byte, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, bytes.NewReader(body))
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.mux.ServeHTTP(w, r.WithContext(module.WithCaller(r.Context(), anna)))
	return w
}

func TestListAssets(t *testing.T) {
	s := serve(t)
	mustImport(t, s.Module, hospital.Generate(hospital.GenerateOptions{Beds: 60, Sites: 2}))
	var all []string
	in := &hospital.AssetsIn{Page: module.Page{Limit: 100}}
	for {
		page, err := ask[module.List[hospital.Asset]](t, s, "list-assets", in)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range page.Items {
			all = append(all, a.ID)
		}
		if page.Total != len(s.Snapshot().Assets()) {
			t.Errorf("total %d", page.Total)
		}
		if in.Cursor = page.Next; page.Next == "" {
			break
		}
	}
	for i, a := range s.Snapshot().Assets() {
		if i >= len(all) || all[i] != a.ID {
			t.Fatalf("the pages hold %d assets, want all %d in order", len(all), len(s.Snapshot().Assets()))
		}
	}
	for _, c := range []struct {
		in   hospital.AssetsIn
		want int
	}{
		{hospital.AssetsIn{Kind: "site"}, 2},
		{hospital.AssetsIn{Kind: "site", Site: "s2"}, 1},
		{hospital.AssetsIn{Site: "nowhere"}, 0},
		{hospital.AssetsIn{Q: "SRV-MAIL server"}, 2},
		{hospital.AssetsIn{Q: "srv-mail", Kind: "host", Site: "s1"}, 1},
		{hospital.AssetsIn{Q: "pharmacy", Kind: "care-service"}, 2},
		{hospital.AssetsIn{IDs: "s1,nothing-has-this-id,s2"}, 2},
	} {
		page, err := ask[module.List[hospital.Asset]](t, s, "list-assets", &c.in)
		if err != nil || page.Total != c.want || len(page.Items) != c.want {
			t.Errorf("%+v gives %d of %d, want %d; error %v", c.in, len(page.Items), page.Total, c.want, err)
		}
	}
	if _, err := ask[module.List[hospital.Asset]](t, s, "list-assets", &hospital.AssetsIn{Page: module.Page{Cursor: "gone"}}); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a cursor of another model gives %v", err)
	}
}

func TestGetAsset(t *testing.T) {
	s := serve(t)
	mustImport(t, s.Module, small(1))
	v, err := ask[hospital.AssetView](t, s, "get-asset", &hospital.AssetIn{ID: "s1-freezer"})
	if err != nil {
		t.Fatal(err)
	}
	var path []string
	for _, a := range v.Path {
		path = append(path, a.ID)
	}
	if got := strings.Join(path, " "); got != "s1 s1-b1 s1-b1-0 s1-pharmacy-room" {
		t.Errorf("path %s", got)
	}
	seen := make(map[string]bool)
	for _, n := range v.Neighbours {
		seen[n.Direction+" "+string(n.Relation)+" "+n.Asset.ID] = true
	}
	for _, want := range []string{"in supplies s1-board", "in hosts s1-pharmacy-room", "out hosts s1-vaccines"} {
		if !seen[want] {
			t.Errorf("neighbour %q is missing among %v", want, seen)
		}
	}
	if _, err := ask[hospital.AssetView](t, s, "get-asset", &hospital.AssetIn{ID: "none"}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("an unknown asset gives %v", err)
	}
}

func TestOverviewAndVersions(t *testing.T) {
	s := serve(t)
	version := mustImport(t, s.Module, small(1))
	o, err := ask[hospital.HospitalView](t, s, "get-hospital", new(module.None))
	if err != nil || o.Version != version || len(o.Sites) != 1 || o.TimeZone != "Europe/Paris" || o.Counts.Assets != len(small(1).Assets) {
		t.Errorf("overview %+v, error %v", o, err)
	}
	newer := mustImport(t, s.Module, small(2))
	in := &hospital.VersionsIn{Page: module.Page{Limit: 1}}
	for _, want := range []string{newer, version} {
		list, err := ask[module.List[hospital.ModelVersion]](t, s, "list-hospital-versions", in)
		if err != nil || len(list.Items) != 1 || list.Items[0].Version != want {
			t.Fatalf("versions %+v, error %v", list, err)
		}
		in.Cursor = list.Next
	}
	if in.Cursor != "" {
		t.Errorf("after the last version the cursor is %q", in.Cursor)
	}
	in.Cursor = "x"
	if _, err := ask[module.List[hospital.ModelVersion]](t, s, "list-hospital-versions", in); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a wrong cursor gives %v", err)
	}
}

func withPlan() *hospital.Model {
	m := small(1)
	m.Plans = []hospital.Plan{{ID: "p", Name: "Plan", Place: "s1",
		SVG: []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect data-asset="s1-b1"/></svg>`)}}
	return m
}

func TestFloorPlans(t *testing.T) {
	s := serve(t)
	mustImport(t, s.Module, withPlan())
	list, err := ask[module.List[hospital.FloorPlan]](t, s, "list-floor-plans", new(module.None))
	if err != nil || len(list.Items) != 1 || list.Items[0].ID != "p" {
		t.Errorf("plans %+v, error %v", list, err)
	}
	w := s.do("GET", "/floor-plans/p", nil)
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "image/svg+xml" || !bytes.Equal(w.Body.Bytes(), withPlan().Plans[0].SVG) {
		t.Errorf("status %d, headers %v, body %s", w.Code, w.Header(), w.Body)
	}
	if csp := w.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "sandbox") {
		t.Errorf("content security policy %q", csp)
	}
	if w := s.do("GET", "/floor-plans/p", nil, "If-None-Match", w.Header().Get("ETag")); w.Code != http.StatusNotModified {
		t.Errorf("the same version again gives %d", w.Code)
	}
	if w := s.do("GET", "/floor-plans/none", nil); w.Code != http.StatusNotFound || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("an unknown plan gives %d %s", w.Code, w.Body)
	}
}

func TestImportAndExportOverHTTP(t *testing.T) {
	s := serve(t)
	var up bytes.Buffer
	if err := hospital.WriteZip(&up, withPlan(), hospital.YAML); err != nil {
		t.Fatal(err)
	}
	w := s.do("POST", "/hospital/import?check=true", up.Bytes())
	if w.Code != http.StatusOK || !s.Snapshot().Empty() {
		t.Errorf("a check gives %d %s; empty %v", w.Code, w.Body, s.Snapshot().Empty())
	}
	w = s.do("POST", "/hospital/import", up.Bytes())
	var answer hospital.Imported
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || answer.Version != s.Snapshot().Version() || s.Snapshot().Empty() {
		t.Errorf("import gives %d %s, error %v", w.Code, w.Body, err)
	}
	for _, query := range []string{"", "?format=csv", "?format=yaml&version=" + answer.Version} {
		w = s.do("GET", "/hospital/export"+query, nil)
		got, problems := hospital.ImportBytes("x.zip", w.Body.Bytes())
		if len(problems) > 0 {
			t.Fatal(w.Code, problems)
		}
		if diff := sameModel(s.Snapshot().Model(), got); diff != "" {
			t.Errorf("export%s differs (-want +got):\n%s", query, diff)
		}
	}
	for query, want := range map[string]int{"?format=doc": 422, "?version=none": 404} {
		if w := s.do("GET", "/hospital/export"+query, nil); w.Code != want {
			t.Errorf("export%s gives %d, want %d", query, w.Code, want)
		}
	}
}

func TestRefusedImportListsEveryProblem(t *testing.T) {
	s := serve(t)
	w := s.do("POST", "/hospital/import", []byte("name: X\nassets:\n  - {id: s, kind: sit, name: S}\n  - {id: t, kind: site}\n"))
	var answer struct {
		Status int
		Errors []struct {
			Where, Message, File, Rule string
			Line                       int
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	if w.Code != 422 || answer.Status != 422 || len(answer.Errors) != 2 || answer.Errors[0].Where != "hospital.yaml:3" ||
		answer.Errors[0].Line != 3 || !strings.Contains(answer.Errors[0].Message, `did you mean "site"?`) {
		t.Errorf("answer %d %s", w.Code, w.Body)
	}
	for name, body := range map[string][]byte{"broken zip": []byte("PK\x03\x04"), "nothing": nil, "noise": {0xff, 0xfe}} {
		if w := s.do("POST", "/hospital/import", body); w.Code != 422 {
			t.Errorf("%s gives %d %s", name, w.Code, w.Body)
		}
	}
	if w := s.do("POST", "/hospital/import?check=perhaps", nil); w.Code != 422 {
		t.Errorf("a check that is neither gives %d", w.Code)
	}
	if w := s.do("POST", "/hospital/import", make([]byte, 65<<20)); w.Code != 413 {
		t.Errorf("65 MiB give %d", w.Code)
	}
}

// TestZipWithTopFolder reads a zip as people make them: of the folder, not of
// what is in it.
func TestZipWithTopFolder(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, data := range map[string]string{
		"my hospital/hospital.yaml": "name: X\n", "my hospital/a.yaml": "assets: [{id: s, kind: site, name: S}]\n", "__MACOSX/x.yaml": "x: y\n",
	} {
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(data)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	m, problems := hospital.ImportBytes("x.zip", b.Bytes())
	if len(problems) > 0 || len(m.Assets) != 1 {
		t.Errorf("model %v, problems %v", m, problems)
	}
}

// What a person imports is real, whatever its files say: the removal of demo
// data would take the hospital's evidence with it.
func TestImportedModelIsNeverADemo(t *testing.T) {
	s := serve(t)
	if w := s.do("POST", "/hospital/import", []byte("name: X\ndemo: true\nassets:\n  - {id: t, kind: site, name: T}\n")); w.Code != 200 {
		t.Fatalf("import: %d %s", w.Code, w.Body)
	}
	if s.Snapshot().Demo() || s.Snapshot().Name() != "X" {
		t.Error("the imported hospital is a demo")
	}
}
