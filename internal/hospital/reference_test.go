package hospital_test

import (
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
