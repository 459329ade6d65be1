package store_test

import (
	"testing"

	"warder/internal/store"
	"warder/internal/store/storetest"
)

func TestUpgrades(t *testing.T) {
	for name, test := range store.UpgradeCases() {
		t.Run(name, func(t *testing.T) { storetest.EachOptions(t, test) })
	}
	t.Run("damaged", func(t *testing.T) { store.DamagedIsNotUpgraded(t, storetest.SQLite(t)) })
}
