package exchangetest_test

import (
	"testing"

	"warder/internal/exchange"
	"warder/internal/exchange/exchangetest"
)

func TestMemoryConforms(t *testing.T) {
	exchangetest.Run(t, func(*testing.T) exchange.Log { return exchangetest.NewMemory() })
}
