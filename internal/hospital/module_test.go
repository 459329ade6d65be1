package hospital_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"warder/internal/flow"
	"warder/internal/hospital"
	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/store"
	"warder/internal/store/storetest"
)

var anna = module.Principal{ID: "u-1", Name: "Anna", Role: "admin"}

func clock() time.Time { return time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC) }

func newModule(t *testing.T, s *store.Store) *hospital.Module {
	t.Helper()
	m, err := hospital.New(t.Context(), hospital.Deps{Space: s.Space("hospital"), Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func small(seed int64) *hospital.Model {
	return hospital.Generate(hospital.GenerateOptions{Beds: 10, Seed: seed})
}

func mustImport(t *testing.T, m *hospital.Module, model *hospital.Model) string {
	t.Helper()
	version, err := m.Import(t.Context(), model, anna)
	if err != nil {
		t.Fatal(err)
	}
	return version
}

func TestImportIsStoredAndTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		m := newModule(t, s)
		if !m.Snapshot().Empty() {
			t.Error("a new instance has a model")
		}
		empty := m.Snapshot().Version()
		first := mustImport(t, m, small(1))
		second := mustImport(t, m, small(2))
		if again := mustImport(t, m, small(2)); again != second || m.Snapshot().Version() != second {
			t.Errorf("versions %s, %s, %s; in place %s", first, second, again, m.Snapshot().Version())
		}
		checkHistory(t, m, []string{second, first}, []string{first, empty})
		checkStored(t, m, first, small(1))
		checkTold(t, s, second)
		if again := newModule(t, s); again.Snapshot().Version() != second {
			t.Errorf("after a start version %s is in place, want %s", again.Snapshot().Version(), second)
		}
	})
}

func checkHistory(t *testing.T, m *hospital.Module, versions, replaced []string) {
	t.Helper()
	list, err := m.History(t.Context(), 0, 10)
	if err != nil || len(list) != len(versions) {
		t.Fatalf("history %v, error %v", list, err)
	}
	for i, v := range list {
		if v.Version != versions[i] || v.Replaced != replaced[i] || v.By != "u-1" || v.ByName != "Anna" || !v.Made.Equal(clock()) {
			t.Errorf("entry %d of the history is %+v", i, v)
		}
	}
	if older, err := m.History(t.Context(), list[0].Number, 10); err != nil || len(older) != len(list)-1 {
		t.Errorf("below the newest the history has %d entries, error %v", len(older), err)
	}
}

func checkStored(t *testing.T, m *hospital.Module, version string, want *hospital.Model) {
	t.Helper()
	got, err := m.Stored(t.Context(), version)
	if err != nil {
		t.Fatal(err)
	}
	if diff := sameModel(want, got); diff != "" {
		t.Errorf("the stored model differs (-want +got):\n%s", diff)
	}
	if _, err := m.Stored(t.Context(), "none"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a version that never was gives %v", err)
	}
}

func checkTold(t *testing.T, s *store.Store, version string) {
	t.Helper()
	out := relayed(t, s)
	var told hospital.Changed
	if err := json.Unmarshal(out[hospital.Topic], &told); err != nil || told.Version != version {
		t.Errorf("topic model says %s, error %v", out[hospital.Topic], err)
	}
	var change flow.Change
	if err := json.Unmarshal(out["change"], &change); err != nil || change.Kind != "model" || change.ID != version {
		t.Errorf("topic change says %s, error %v", out["change"], err)
	}
	lines, _, err := s.AuditLog(t.Context(), store.AuditQuery{Subject: version})
	if err != nil || len(lines) != 1 || lines[0].Action != "hospital.import" || lines[0].By != "u-1" {
		t.Errorf("audit %+v, error %v", lines, err)
	}
}

// relayed reads the newest message of each topic out of the outbox.
func relayed(t *testing.T, s *store.Store) map[string][]byte {
	t.Helper()
	rows, err := s.Space("store").QueryContext(t.Context(), `SELECT topic, body FROM store_outbox ORDER BY seq`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := make(map[string][]byte)
	for rows.Next() {
		var topic string
		var body []byte
		if err := rows.Scan(&topic, &body); err != nil {
			t.Fatal(err)
		}
		out[topic] = body
	}
	return out
}

func TestOneProblemImportsNothing(t *testing.T) {
	m := newModule(t, storetest.Open(t, storetest.SQLite(t)))
	before := mustImport(t, m, small(1))
	bad := small(2)
	bad.Assets[0].Kind = "sit"
	_, err := m.Import(t.Context(), bad, anna)
	var wrong *hospital.ProblemsError
	if !errors.As(err, &wrong) || len(wrong.Problems) == 0 || fault.KindOf(err) != fault.Invalid {
		t.Errorf("import of a wrong model gives %v", err)
	}
	if len(wrong.Details()) != len(wrong.Problems) {
		t.Error("details and problems differ in number")
	}
	if m.Snapshot().Version() != before {
		t.Error("a wrong model is in place")
	}
}

func TestDemoEntersOnlyAnEmptyInstance(t *testing.T) {
	m := newModule(t, storetest.Open(t, storetest.SQLite(t)))
	ctx := module.WithCaller(t.Context(), anna)
	demo := small(1)
	demo.Demo = true
	mustImport(t, m, demo)
	if _, err := m.Import(ctx, small(2), anna); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a hospital over the demo gives %v", err)
	}
	other := small(3)
	other.Demo = true
	mustImport(t, m, other)
	if err := m.RemoveDemo(ctx); err != nil || !m.Snapshot().Empty() || m.Snapshot().Demo() {
		t.Errorf("after removing the demo: error %v, empty %v", err, m.Snapshot().Empty())
	}
	if err := m.RemoveDemo(ctx); err != nil {
		t.Errorf("removing no demo gives %v", err)
	}
	mustImport(t, m, small(2))
	if _, err := m.Import(ctx, demo, anna); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a demo over a hospital gives %v", err)
	}
	if err := m.RemoveDemo(ctx); fault.KindOf(err) != fault.Conflict {
		t.Errorf("removing a hospital as if it were a demo gives %v", err)
	}
}

func TestAdoptAddsOneAsset(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		m := newModule(t, s)
		asset := hospital.Asset{ID: "new-1", Kind: hospital.Camera, Name: "New camera", Place: "s1",
			Identifiers: []flow.Identifier{{Kind: flow.ByCamera, Value: "cam-new"}}}
		if _, err := m.Adopt(t.Context(), asset, anna); fault.KindOf(err) != fault.Conflict {
			t.Errorf("adopting into no model gives %v", err)
		}
		mustImport(t, m, small(1))
		for n := range 53 { // more than one chain of additions
			asset.ID = "new-" + string(rune('a'+n/26)) + string(rune('a'+n%26))
			asset.Identifiers = []flow.Identifier{{Kind: flow.ByCamera, Value: asset.ID}}
			if _, err := m.Adopt(t.Context(), asset, anna); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := m.Adopt(t.Context(), asset, anna); fault.KindOf(err) != fault.Invalid {
			t.Errorf("adopting an asset twice gives %v", err)
		}
		if a, ok := m.Snapshot().Resolve(flow.Identifier{Kind: flow.ByCamera, Value: "NEW-AB"}); !ok || a.Criticality != 3 {
			t.Errorf("the adopted asset resolves to %v", a)
		}
		again := newModule(t, s)
		if again.Snapshot().Version() != m.Snapshot().Version() {
			t.Errorf("after a start version %s is in place, want %s", again.Snapshot().Version(), m.Snapshot().Version())
		}
	})
}

// TestTwoProcesses changes the model under a module that does not know of it.
func TestTwoProcesses(t *testing.T) {
	s := storetest.Open(t, storetest.SQLite(t))
	here, there := newModule(t, s), newModule(t, s)
	theirs := mustImport(t, there, small(1))
	if _, err := here.Import(t.Context(), small(2), anna); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a change of what somebody else changed gives %v", err)
	}
	if here.Snapshot().Version() != theirs {
		t.Error("after the conflict the newest version is not in place")
	}
	ours := mustImport(t, here, small(2))
	if err := there.Refresh(t.Context()); err != nil || there.Snapshot().Version() != ours {
		t.Errorf("after a refresh version %s is in place, want %s; error %v", there.Snapshot().Version(), ours, err)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	m := newModule(t, storetest.Open(t, storetest.SQLite(t)))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := m.Run(ctx); err != nil {
		t.Error(err)
	}
	if man := m.Manifest(); man.Name != "hospital" || man.Does == "" {
		t.Errorf("manifest %+v", man)
	}
}
