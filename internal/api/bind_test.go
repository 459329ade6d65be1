package api

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"warder/internal/module"
	"warder/internal/store/storetest"
)

type textInput struct {
	Body struct {
		Text string `json:"text"`
	}
}

// A route says how large its body may be, and may take longer to answer than a
// request may take to come in.
func TestBodiesAndTimeOfARoute(t *testing.T) {
	const readTime = 300 * time.Millisecond
	lasts := func(ctx context.Context, in *textInput) (*thing, error) {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(2 * readTime):
			return &thing{Name: "done"}, nil
		}
	}
	at := func(id string, most int64) module.Route {
		return module.Handle("POST", "/"+id, module.Op{ID: id, Permission: module.Public, MostBody: most}, lasts)
	}
	store := storetest.Open(t, storetest.SQLite(t))
	people := NewPeople(PeopleOptions{Space: store.Space("api"), Now: time.Now, About: func() Instance { return Instance{} }})
	a, err := New(Options{Version: "test", People: people, Routes: []module.Route{at("large", maxBody+100), at("small", 0)}, Now: time.Now,
		Console: fstest.MapFS{"index.html": {Data: []byte("console")}}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(a)
	server.Config.ReadTimeout = readTime
	server.Start()
	t.Cleanup(server.Close)
	for path, want := range map[string]int{"large": http.StatusOK, "small": http.StatusRequestEntityTooLarge} {
		body := `{"text": "` + strings.Repeat("x", maxBody) + `"}`
		res, err := server.Client().Post(server.URL+Prefix+"/"+path, "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, res.StatusCode, want)
		}
	}
}
