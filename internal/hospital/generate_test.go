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
		Beds:  rapid.IntRange(-1, 100).Draw(t, "beds"),
		Sites: rapid.IntRange(-1, 5).Draw(t, "sites"),
		Seed:  rapid.Int64().Draw(t, "seed"),
	}
}

// TestGenerateScales makes sure that beds scale; BenchmarkGenerate100k measures.
func TestGenerateScales(t *testing.T) {
	m := hospital.Generate(hospital.GenerateOptions{Beds: 2_000, Sites: 3, Seed: 1})
	if n := len(m.Assets); n < 10_000 || n > 14_000 {
		t.Errorf("2,000 beds give %d assets", n)
	}
	if len(m.Dependencies) < len(m.Assets) {
		t.Errorf("%d assets have only %d dependencies", len(m.Assets), len(m.Dependencies))
	}
	if _, problems := hospital.Build(m); len(problems) > 0 {
		t.Errorf("%d problems, the first: %v", len(problems), problems[0])
	}
}

// What cannot be made as asked is refused rather than made otherwise.
func TestGenerateOptionsAreChecked(t *testing.T) {
	for _, o := range []hospital.GenerateOptions{{Beds: 0, Sites: 1}, {Beds: 100, Sites: 6}, {Beds: 100}, {Beds: 1 << 20, Sites: 1}} {
		if o.Check() == nil {
			t.Errorf("%+v is taken", o)
		}
	}
	if err := (hospital.GenerateOptions{Beds: 100, Sites: 5}).Check(); err != nil {
		t.Error(err)
	}
}
