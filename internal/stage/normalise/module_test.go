package normalise

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"go.uber.org/goleak"

	"warder/internal/flow"
	"warder/internal/hospital"
	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/store"
	"warder/internal/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// adopter keeps what it was asked to add.
type adopter struct{ assets []hospital.Asset }

func (a *adopter) Adopt(_ context.Context, asset hospital.Asset, _ module.Principal) (string, error) {
	a.assets = append(a.assets, asset)
	return "v2", nil
}

func names(n int, at time.Time, ids ...flow.Identifier) []flow.Event {
	evs := make([]flow.Event, n)
	for i := range evs {
		evs[i] = flow.Event{ID: fmt.Sprintf("w.1.%d", i), Received: at.Add(time.Duration(i) * time.Second), Source: "src", Unknown: ids}
	}
	return evs
}

func call[O any](t *testing.T, m *Module, id string, in map[string]any) (*O, error) {
	t.Helper()
	for _, r := range m.Routes() {
		if r.ID != id {
			continue
		}
		var input any
		switch id {
		case "list-unknown-assets":
			input = &listInput{}
		case "adopt-unknown-asset":
			input = &adoptInput{}
		default:
			input = &ignoreInput{}
		}
		b, _ := json.Marshal(in)
		if err := json.Unmarshal(b, input); err != nil {
			t.Fatal(err)
		}
		ctx := module.WithCaller(context.Background(), module.Principal{ID: "u1", Name: "Ada"})
		out, err := r.Call(ctx, input)
		o, _ := out.(*O)
		return o, err
	}
	t.Fatalf("no route %s", id)
	return nil, nil
}

func TestUnknownAssets(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		holder := hospital.NewHolder(smallHospital(t))
		who := &adopter{}
		m := NewModule(s.Space("normalise"), holder, who, slog.New(slog.DiscardHandler))
		cam := flow.Identifier{Kind: flow.ByCamera, Value: "Cam-New"}
		ip := flow.Identifier{Kind: flow.ByIP, Value: "10.9.9.9"}
		m.Observe(names(3, accepted, cam))
		m.Observe(names(2, accepted.Add(time.Hour), flow.Identifier{Kind: flow.ByCamera, Value: "cam-new"}, ip))
		drill := names(1, accepted, flow.Identifier{Kind: flow.ByIP, Value: "10.1.1.1"})
		drill[0].Exercise = "ex-1"
		m.Observe(drill)
		m.write(ctx)
		m.Observe(names(1, accepted.Add(2*time.Hour), ip))
		m.write(ctx)

		list, err := call[module.List[UnknownAsset]](t, m, "list-unknown-assets", nil)
		if err != nil || len(list.Items) != 2 {
			t.Fatalf("list: %+v, %v", list, err)
		}
		first, second := list.Items[0], list.Items[1]
		if first.Value != "10.9.9.9" || first.Count != 3 || second.Value != "cam-new" || second.Count != 5 || !second.FirstSeen.Equal(accepted) {
			t.Errorf("list: %+v", list.Items)
		}
		paged, err := call[module.List[UnknownAsset]](t, m, "list-unknown-assets", map[string]any{"Limit": 1})
		if err != nil || len(paged.Items) != 1 || paged.Next == "" {
			t.Fatalf("first page: %+v, %v", paged, err)
		}
		paged, err = call[module.List[UnknownAsset]](t, m, "list-unknown-assets", map[string]any{"Limit": 1, "Cursor": paged.Next})
		if err != nil || len(paged.Items) != 1 || paged.Items[0].ID != second.ID || paged.Next != "" {
			t.Fatalf("second page: %+v, %v", paged, err)
		}
		settle(t, m, who, first, second)
		checkAudit(t, s)
	})
}

func settle(t *testing.T, m *Module, who *adopter, ip, cam UnknownAsset) {
	adopted, err := call[Adopted](t, m, "adopt-unknown-asset", map[string]any{
		"ID": cam.ID, "Body": map[string]any{"kind": "camera", "name": "New camera", "place": "r-pharmacy"},
	})
	if err != nil || adopted.Version != "v2" || len(who.assets) != 1 || who.assets[0].Identifiers[0].Value != "cam-new" {
		t.Fatalf("adopt: %+v, %v, %+v", adopted, err, who.assets)
	}
	if _, err := call[Adopted](t, m, "adopt-unknown-asset", map[string]any{"ID": cam.ID}); fault.KindOf(err) != fault.Conflict {
		t.Errorf("adopt twice: %v", err)
	}
	if _, err := call[module.None](t, m, "ignore-unknown-asset", map[string]any{"ID": ip.ID}); err != nil {
		t.Errorf("ignore: %v", err)
	}
	if _, err := call[module.None](t, m, "ignore-unknown-asset", map[string]any{"ID": "un-nothing"}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("ignore what is not there: %v", err)
	}
	list, err := call[module.List[UnknownAsset]](t, m, "list-unknown-assets", nil)
	if err != nil || len(list.Items) != 0 {
		t.Errorf("open: %+v, %v", list, err)
	}
}

func checkAudit(t *testing.T, s *store.Store) {
	entries, _, err := s.AuditLog(context.Background(), store.AuditQuery{By: "u1"})
	if err != nil || len(entries) != 2 {
		t.Errorf("audit: %+v, %v", entries, err)
	}
}

// TestUnknownAssetsEndWithTheModel: what a new model knows leaves the list.
func TestUnknownAssetsEndWithTheModel(t *testing.T) {
	s := storetest.Open(t, storetest.SQLite(t))
	holder := &hospital.Holder{}
	m := NewModule(s.Space("normalise"), holder, &adopter{}, slog.New(slog.DiscardHandler))
	m.Observe(names(1, accepted, flow.Identifier{Kind: flow.ByHostname, Value: "srv-schedule"}, flow.Identifier{Kind: flow.ByHostname, Value: "other"}))
	m.write(context.Background())
	holder.Swap(smallHospital(t))
	m.write(context.Background())
	list, err := call[module.List[UnknownAsset]](t, m, "list-unknown-assets", nil)
	if err != nil || len(list.Items) != 1 || list.Items[0].Value != "other" {
		t.Errorf("list: %+v, %v", list, err)
	}
}

// TestUnknownAssetsAreBounded: one who invents names cannot fill the memory.
func TestUnknownAssetsAreBounded(t *testing.T) {
	s := sightings{seen: map[flow.Identifier]*sighting{}}
	for i := range mostNew + 100 {
		s.note(&flow.Event{Unknown: []flow.Identifier{{Kind: flow.ByHostname, Value: fmt.Sprintf("h%d", i)}}})
	}
	if len(s.seen) != mostNew {
		t.Errorf("%d are remembered", len(s.seen))
	}
}

// What waits to be written belongs to what is emptied.
func TestEmptyTakesWhatWaits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		m := NewModule(s.Space("normalise"), hospital.NewHolder(hospital.Empty()), &adopter{}, slog.New(slog.DiscardHandler))
		m.Observe(names(1, time.Unix(1, 0), flow.Identifier{Kind: flow.ByHostname, Value: "written"}))
		m.write(t.Context())
		m.Observe(names(1, time.Unix(1, 0), flow.Identifier{Kind: flow.ByHostname, Value: "waits"}))
		if err := m.Empty(t.Context()); err != nil {
			t.Fatal(err)
		}
		m.write(t.Context())
		var n int
		if err := s.Space("normalise").QueryRowContext(t.Context(), `SELECT count(*) FROM normalise_unknown`).Scan(&n); err != nil || n != 0 {
			t.Errorf("%d unknown assets are left, %v", n, err)
		}
	})
}
