package normalise

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"go.yaml.in/yaml/v3"

	"warder/internal/flow"
	"warder/internal/hospital"
)

var update = flag.Bool("update", false, "write what the code does as what is wanted")

var accepted = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

// TestEvents reads each file of testdata/events: "record.yaml" says how the
// record came, "data" holds one record a line, "want" one event a line.
func TestEvents(t *testing.T) {
	n := New(hospital.NewHolder(smallHospital(t)), presets(t))
	files, err := filepath.Glob("testdata/events/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { runGolden(t, n, file) })
	}
}

func runGolden(t *testing.T, n *Normaliser, file string) {
	ar, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var raw struct{ Format, Mapping, Channel, Peer string }
	var data, want string
	at := -1
	for i, f := range ar.Files {
		switch f.Name {
		case "record.yaml":
			if err := yaml.Unmarshal(f.Data, &raw); err != nil {
				t.Fatal(err)
			}
		case "data":
			data = string(f.Data)
		case "want":
			want, at = string(f.Data), i
		}
	}
	got := ""
	for i, line := range strings.Split(strings.TrimRight(data, "\n"), "\n") {
		ev := n.Event(flow.RecordID{Writer: "w", Seq: 1, Index: uint32(i)}, flow.Raw{
			Source: "test", Format: flow.Format(raw.Format), Mapping: raw.Mapping, Channel: raw.Channel,
			Peer: raw.Peer, Received: accepted, Data: []byte(line),
		})
		got += shown(t, ev)
	}
	if *update {
		if at < 0 {
			ar.Files = append(ar.Files, txtar.File{Name: "want"})
			at = len(ar.Files) - 1
		}
		ar.Files[at].Data = []byte(got)
		if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events differ (-want +got), -update accepts them:\n%s", diff)
	}
}

// shown is an event without what only repeats the record.
func shown(t *testing.T, ev flow.Event) string {
	b, err := json.MarshalIndent(struct {
		Time       string            `json:"time"`
		Site       string            `json:"site,omitempty"`
		Category   flow.Category     `json:"category"`
		Action     string            `json:"action,omitempty"`
		Attributes map[string]string `json:"attributes,omitempty"`
		Assets     []string          `json:"assets,omitempty"`
		Unknown    []string          `json:"unknown,omitempty"`
		ParseError string            `json:"parse_error,omitempty"`
	}{
		ev.Time.Format(time.RFC3339Nano), ev.Site, ev.Category, ev.Action, ev.Attributes,
		refs(ev), unknown(ev), ev.ParseError,
	}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b) + "\n"
}

func refs(ev flow.Event) (list []string) {
	for _, a := range ev.Assets {
		list = append(list, fmt.Sprintf("%s is %s by %s %s", a.ID, a.Role, a.By, a.Value))
	}
	return list
}

func unknown(ev flow.Event) (list []string) {
	for _, u := range ev.Unknown {
		list = append(list, string(u.Kind)+" "+u.Value)
	}
	return list
}

func presets(t testing.TB) map[string]Mapping {
	list, err := Presets(os.DirFS("../../../content"), "mappings")
	if err != nil {
		t.Fatal(err)
	}
	return ByName(list)
}

func smallHospital(t testing.TB) *hospital.Snapshot {
	id := func(kind flow.IdentifierKind, values ...string) (ids []flow.Identifier) {
		for _, v := range values {
			ids = append(ids, flow.Identifier{Kind: kind, Value: v})
		}
		return ids
	}
	s, problems := hospital.Build(&hospital.Model{
		Name: "Small", TimeZone: "Europe/Paris",
		Assets: []hospital.Asset{
			{ID: "s", Kind: hospital.Site, Name: "Site"},
			{ID: "b", Kind: hospital.Building, Name: "Building", Place: "s"},
			{ID: "f2", Kind: hospital.Floor, Name: "Level 2", Place: "b"},
			{ID: "r-plant", Kind: hospital.Room, Name: "Plant room", Place: "f2", Tags: []string{"plant"}, Identifiers: id(flow.ByPoint, "FP-A/2-014")},
			{ID: "r-pharmacy", Kind: hospital.Room, Name: "Pharmacy", Place: "f2", Tags: []string{"pharmacy", "restricted"}},
			{ID: "d-pharmacy", Kind: hospital.Door, Name: "Pharmacy door", Place: "r-pharmacy", Identifiers: id(flow.ByDoor, "D-A2-014")},
			{ID: "rd-pharmacy", Kind: hospital.BadgeReader, Name: "Pharmacy reader", Place: "r-pharmacy", Identifiers: id(flow.ByReader, "R-A2-014")},
			{ID: "c-pharmacy", Kind: hospital.Camera, Name: "Pharmacy camera", Place: "r-pharmacy", Identifiers: id(flow.ByCamera, "cam-a2-pharmacy")},
			{ID: "p-fire", Kind: hospital.Panel, Name: "Fire panel", Place: "r-plant", Identifiers: id(flow.ByPanel, "FP-A")},
			{ID: "det-12", Kind: hospital.Sensor, Name: "Detector", Place: "r-pharmacy", Identifiers: id(flow.ByPoint, "FP-A/2-012")},
			{ID: "freezer", Kind: hospital.Equipment, Name: "Freezer", Place: "r-pharmacy", Tags: []string{"freezer"}},
			{ID: "sens-1", Kind: hospital.Sensor, Name: "Freezer sensor", Place: "r-pharmacy", Tags: []string{"freezer"}, Identifiers: id(flow.BySensor, "sens-freezer-1")},
			{ID: "ahu", Kind: hospital.HVAC, Name: "Air handling", Place: "r-plant", Identifiers: id(flow.ByService, "AHU-OT-1")},
			{ID: "srv", Kind: hospital.Host, Name: "Scheduling server", Place: "r-plant", Identifiers: append(id(flow.ByHostname, "srv-schedule"), id(flow.ByIP, "10.20.1.10")...)},
			{ID: "app", Kind: hospital.Application, Name: "Scheduling", Identifiers: id(flow.ByService, "schedule")},
		},
	})
	if len(problems) > 0 {
		t.Fatalf("small hospital: %v", problems)
	}
	return s
}
