package app

import "testing"

func TestImportedModelIsNeverADemo(t *testing.T) {
	cfg := DemoConfig(t.TempDir(), "127.0.0.1:0")
	demo, err := Reference()
	if err != nil {
		t.Fatal(err)
	}
	if !demo.Demo {
		t.Fatal("the reference that Warder loads itself is no demo")
	}
	if _, err := ImportModel(t.Context(), cfg, demo); err != nil {
		t.Fatal(err)
	}
	got, err := ExportModel(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if got.Demo || got.Name != demo.Name || !demo.Demo {
		t.Error("what a person imported counts as a demo, or was changed in the caller's hand")
	}
}
