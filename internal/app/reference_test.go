package app

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"warder/internal/api"
)

var update = flag.Bool("update", false, "write the reference pages that are made from code")

// reference compares a page of docs/reference with what the code makes of it.
func compareReference(t *testing.T, name string, want []byte) {
	t.Helper()
	path := filepath.Join("..", "..", "docs", "reference", name)
	if *update {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("docs/reference/%s is not what the code makes of it; run: make generate", name)
	}
}

func TestReferenceOpenAPI(t *testing.T) {
	err := throwAway(t.Context(), "0", func(h *house) error {
		handler, err := h.handler()
		if err != nil {
			return err
		}
		doc, err := handler.Document()
		if err != nil {
			return err
		}
		compareReference(t, "openapi.json", append(doc, '\n'))
		compareReference(t, "permissions.md", permissionsPage(handler))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func permissionsPage(a *api.API) []byte {
	var b bytes.Buffer
	b.WriteString("# Permissions\n\nMade from the table of routes. A role may what the roles before it may, and more; a sender may only hand in events.\n\n")
	fmt.Fprintf(&b, "| route | permission | %s |\n| --- | --- |%s\n", strings.Join(api.Roles(), " | "), strings.Repeat(" --- |", len(api.Roles())))
	for _, row := range a.Matrix() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", row[0], strings.Join(row[1:], " | "))
	}
	return b.Bytes()
}

func TestReferenceConfiguration(t *testing.T) {
	var b bytes.Buffer
	b.WriteString("# Configuration\n\nEvery key of the file that `warder serve --config` takes, made from the code. An unknown key is refused.\n" +
		"Paths are relative to the file. [Sources](sources.md) explains those of `sources`.\n\n| key | takes |\n| --- | --- |\n")
	for _, k := range describe(reflect.TypeFor[Config](), "") {
		fmt.Fprintf(&b, "| `%s` | %s |\n", k[0], k[1])
	}
	compareReference(t, "configuration.md", b.Bytes())
}

// describe lists the keys of a configuration type with what each takes.
func describe(t reflect.Type, prefix string) [][2]string {
	var rows [][2]string
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("koanf"), ",")
		if name == "" {
			continue
		}
		at, list := t.Field(i).Type, ""
		for at.Kind() == reflect.Slice || at.Kind() == reflect.Pointer || at.Kind() == reflect.Map {
			if at.Kind() != reflect.Pointer {
				list = "a list: "
			}
			at = at.Elem()
		}
		if at.Kind() == reflect.Struct {
			rows = append(rows, describe(at, prefix+name+".")...)
			continue
		}
		rows = append(rows, [2]string{prefix + name, list + takes(at)})
	}
	return rows
}

func takes(t reflect.Type) string {
	switch {
	case t.String() == "time.Duration":
		return "a duration, like 90s or 10m"
	case t.Kind() == reflect.Bool:
		return "true or false"
	case t.Kind() == reflect.String:
		return "text"
	}
	return "a number"
}

func TestSecondProcessIsRefused(t *testing.T) {
	cfg := DemoConfig(t.TempDir(), "127.0.0.1:0")
	unlock, err := lockDirectory(cfg.Data)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := unlock(); err != nil {
			t.Error(err)
		}
	}()
	_, err = Open(context.Background(), cfg, "test", Logger(cfg.Log, os.Stderr))
	if err == nil || !strings.Contains(err.Error(), "another Warder (process") {
		t.Fatalf("a second process is answered with: %v", err)
	}
}
