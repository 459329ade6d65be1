package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"warder": main})
}

// TestScripts runs the program itself by the scripts in test/script.
func TestScripts(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("bash"); err != nil {
		t.Fatal("the scripts need bash")
	}
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join(root, "test", "script"),
		Setup: func(e *testscript.Env) error {
			e.Setenv("ROOT", root)
			e.Setenv("SHARED", os.Getenv("WARDER_SHARED_DATA"))
			return nil
		},
	})
}
