package exercise

import (
	"testing"

	"warder/internal/module"
	"warder/internal/store"
	"warder/internal/store/storetest"
)

// The exercise that runs is stopped before the list is emptied, so that its end
// does not come back.
func TestEmpty(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		st := begin(t, s)
		e, err := st.post(as(t), post("long", 1))
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // the second time nothing runs
			if err := st.Empty(as(t)); err != nil {
				t.Fatal(err)
			}
			list, err := st.get(t.Context(), &module.Page{Limit: 10})
			if err != nil || len(list.Items) != 0 {
				t.Errorf("listed: %+v, %v", list, err)
			}
			if _, runs := st.live(e.ID); runs {
				t.Error("it still runs")
			}
		}
	})
}
