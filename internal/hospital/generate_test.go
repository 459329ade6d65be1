package hospital_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"warder/internal/hospital"
)

func sameModel(want, got *hospital.Model) string {
	return cmp.Diff(want, got, cmpopts.IgnoreUnexported(hospital.Model{}))
}

// TestGeneratedHospitalsAreValid is the generator's promise.
func TestGeneratedHospitalsAreValid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := drawOptions(t)
		m := hospital.Generate(o)
		s, problems := hospital.Build(m)
		for _, p := range problems {
			t.Error(p)
		}
		if s == nil {
			t.FailNow()
		}
		again, _ := hospital.Build(hospital.Generate(o))
		if s.Version() != again.Version() {
			t.Errorf("the same options give %s and %s", s.Version(), again.Version())
		}
	})
}

func drawOptions(t *rapid.T) hospital.GenerateOptions {
	return hospital.GenerateOptions{
		Beds:  rapid.IntRange(-1, 300).Draw(t, "beds"),
		Sites: rapid.IntRange(-1, 5).Draw(t, "sites"),
		Seed:  rapid.Int64().Draw(t, "seed"),
	}
}

// TestGenerateScales measures nothing, but a hospital of 100,000 assets must come.
func TestGenerateScales(t *testing.T) {
	m := hospital.Generate(hospital.GenerateOptions{Beds: 20_000, Sites: 12, Seed: 1})
	if len(m.Assets) < 100_000 {
		t.Errorf("20,000 beds give %d assets", len(m.Assets))
	}
	t.Logf("%d assets, %d dependencies", len(m.Assets), len(m.Dependencies))
	if _, problems := hospital.Build(m); len(problems) > 0 {
		t.Errorf("%d problems, the first: %v", len(problems), problems[0])
	}
}
