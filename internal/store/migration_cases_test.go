package store_test

import (
	"testing"

	"warder/internal/store"
	"warder/internal/store/storetest"
)

func TestMigrations(t *testing.T) {
	for name, test := range store.MigrationCases() {
		t.Run(name, func(t *testing.T) { storetest.EachOptions(t, test) })
	}
}

func TestUnknownDriverIsRefused(t *testing.T) {
	if _, err := store.Open(t.Context(), store.Options{Driver: "oracle"}); err == nil {
		t.Error("no error")
	}
	if _, err := store.Open(t.Context(), store.Options{}); err == nil {
		t.Error("no error without a path")
	}
}
