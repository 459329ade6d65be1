package hospital_test

import (
	"regexp"
	"slices"
	"testing"

	"warder/internal/hospital"
)

// TestReferenceHospital checks the hospital that the demo, the scenarios and
// the tests share, with every problem in the output.
func TestReferenceHospital(t *testing.T) {
	const folder = "../../content/hospitals/reference"
	m, problems := hospital.ImportPath(folder)
	for _, p := range problems {
		t.Error(p)
	}
	if m == nil {
		return
	}
	s, _ := hospital.Build(m)
	beds := 0
	for _, a := range s.CareServices() {
		beds += a.Beds
	}
	t.Logf("%s: %d assets, %d dependencies, %d plans, %d care services with %d beds, version %s",
		s.Name(), len(s.Assets()), len(s.Dependencies()), len(s.Plans()), len(s.CareServices()), beds, s.Version())
}

// TestReferencePlansShowEverything: whoever is sent to a place, a door or a
// device finds it on the plan of its floor. That what a plan shows is in the
// model is a rule of the import.
func TestReferencePlansShowEverything(t *testing.T) {
	m, problems := hospital.ImportPath("../../content/hospitals/reference")
	for _, p := range problems {
		t.Error(p)
	}
	if m == nil {
		return
	}
	s, _ := hospital.Build(m)
	shown := shownOn(s)
	kinds := []hospital.Kind{hospital.Room, hospital.Door, hospital.MedicalDevice, hospital.Camera, hospital.Sensor,
		hospital.BadgeReader, hospital.Controller, hospital.Panel, hospital.Lift}
	for _, a := range s.Assets() {
		if !slices.Contains(kinds, a.Kind) {
			continue
		}
		floor := s.FloorOf(a.ID)
		if len(shown[a.ID]) == 0 || floor != "" && !slices.Contains(shown[a.ID], floor) {
			t.Errorf("%s %s (%s) is on no plan of its floor %q, only of %q", a.Kind, a.ID, a.Name, floor, shown[a.ID])
		}
	}
}

// shownOn gives for every asset the places whose plans show it.
func shownOn(s *hospital.Snapshot) map[string][]string {
	shape := regexp.MustCompile(`data-asset="([^"]+)"`)
	shown := make(map[string][]string)
	for _, p := range s.Plans() {
		for _, match := range shape.FindAllSubmatch(p.SVG, -1) {
			id := string(match[1])
			shown[id] = append(shown[id], p.Place)
		}
	}
	return shown
}
