package hospital_test

import (
	"bytes"
	"testing"

	"warder/internal/flow"
	"warder/internal/hospital"
)

// large is a hospital of about 100,000 assets.
func large() *hospital.Model {
	return hospital.Generate(hospital.GenerateOptions{Beds: 20_000, Sites: 12, Seed: 1})
}

func BenchmarkGenerate100k(b *testing.B) {
	for b.Loop() {
		large()
	}
}

func BenchmarkBuild100k(b *testing.B) {
	m := large()
	b.ReportAllocs()
	for b.Loop() {
		if s, _ := hospital.Build(m); s == nil {
			b.Fatal("the generated hospital is not valid")
		}
	}
}

func BenchmarkResolve(b *testing.B) {
	s, _ := hospital.Build(large())
	ids := []flow.Identifier{
		{Kind: flow.ByHostname, Value: "S1-SRV-SCHEDULE"}, {Kind: flow.ByIP, Value: "10.0.0.4"},
		{Kind: flow.ByMAC, Value: "02:00:00:00:00:01"}, {Kind: flow.ByID, Value: "s1-b1-2-w1"},
	}
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		if _, ok := s.Resolve(ids[n%len(ids)]); !ok {
			b.Fatalf("%v resolves to nothing", ids[n%len(ids)])
		}
	}
}

func BenchmarkImport100k(b *testing.B) {
	m := large()
	for _, format := range []hospital.Format{hospital.YAML, hospital.CSV} {
		var zip bytes.Buffer
		if err := hospital.WriteZip(&zip, m, format); err != nil {
			b.Fatal(err)
		}
		b.Run(string(format), func(b *testing.B) {
			b.ReportAllocs()
			b.ReportMetric(float64(zip.Len())/1e6, "zip-MB")
			for b.Loop() {
				if _, problems := hospital.ImportBytes("x.zip", zip.Bytes()); len(problems) > 0 {
					b.Fatal(problems[0])
				}
			}
		})
	}
}

func BenchmarkExport100k(b *testing.B) {
	m := large()
	for _, format := range []hospital.Format{hospital.YAML, hospital.CSV} {
		b.Run(string(format), func(b *testing.B) {
			for b.Loop() {
				if err := hospital.WriteZip(new(bytes.Buffer), m, format); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
