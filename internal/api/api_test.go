package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/store"
	"warder/internal/store/storetest"
)

// house is an API with one route of each kind, served over a real socket.
type house struct {
	t      *testing.T
	url    string
	people *People
	client *http.Client
	csrf   string
}

type thing struct {
	Name  string   `json:"name"`
	Parts []string `json:"parts"`
}

type thingInput struct {
	module.Page
	ID    string    `path:"id"`
	Since time.Time `query:"since"`
	Body  struct {
		Name string `json:"name" minLength:"2"`
	}
}

func thingRoutes() []module.Route {
	return []module.Route{
		module.Handle("POST", "/things/{id}", module.Op{ID: "make-thing", Permission: module.WorkIncidents, Status: 201},
			func(_ context.Context, in *thingInput) (*thing, error) {
				return &thing{Name: in.ID + in.Body.Name}, nil
			}),
		module.Handle("GET", "/broken", module.Op{ID: "broken", Permission: module.ReadIncidents},
			func(context.Context, *module.None) (*thing, error) { return nil, errors.New("secret internals") }),
		module.Handle("GET", "/busy", module.Op{ID: "busy", Permission: module.ReadIncidents},
			func(context.Context, *module.None) (*thing, error) {
				return nil, &fault.Error{Kind: fault.Unavailable, RetryAfter: 1500 * time.Millisecond, Sentence: "Busy. Try again."}
			}),
	}
}

func open(t *testing.T, s *store.Store, more ...module.Route) *house {
	t.Helper()
	people := NewPeople(PeopleOptions{Space: s.Space("api"), Now: time.Now,
		About: func() Instance { return Instance{Name: "Test", TimeZone: "Europe/Paris"} }})
	a, err := New(Options{Version: "test", People: people, Routes: append(thingRoutes(), more...), Now: time.Now,
		Console: fstest.MapFS{"index.html": {Data: []byte("<!doctype html>console")}},
		Log:     slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &house{t: t, url: server.URL, people: people, client: &http.Client{Jar: jar}}
}

// do sends a request and returns the answer's status, header and body.
func (h *house) do(method, path, body string, header ...string) (int, http.Header, string) {
	h.t.Helper()
	req, err := http.NewRequest(method, h.url+path, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	if h.csrf != "" {
		req.Header.Set(csrfHeader, h.csrf)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := h.client.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return res.StatusCode, res.Header, string(data)
}

func (h *house) want(status int, method, path, body string, header ...string) string {
	h.t.Helper()
	got, _, text := h.do(method, path, body, header...)
	if got != status {
		h.t.Fatalf("%s %s: got %d, want %d: %s", method, path, got, status, text)
	}
	return text
}

// signIn adds somebody and signs them in by a link.
func (h *house) signIn(role string) User {
	h.t.Helper()
	u, err := h.people.AddUser(h.t.Context(), "Anna "+role, role)
	if err != nil {
		h.t.Fatal(err)
	}
	secret, err := h.people.Link(h.t.Context(), u.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	h.want(204, "POST", "/api/v1/session/redeem", `{"token":"`+secret+`"}`)
	var info SessionInfo
	if err := json.Unmarshal([]byte(h.want(200, "GET", "/api/v1/session", "")), &info); err != nil {
		h.t.Fatal(err)
	}
	if !info.SignedIn || info.User.Name != u.Name || info.CSRF == "" {
		h.t.Fatalf("signed in as %+v", info)
	}
	h.csrf = info.CSRF
	return u
}

func TestPeopleSignIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := open(t, s)
		if text := h.want(200, "GET", "/api/v1/session", ""); !strings.Contains(text, `"needs_setup":true`) {
			t.Fatalf("an empty instance does not say that it needs setting up: %s", text)
		}
		u := h.signIn(RoleOperator)
		h.want(204, "PUT", "/api/v1/session/preferences", `{"locale":"fr"}`)
		h.want(422, "PUT", "/api/v1/session/password", `{"password":"short"}`)
		h.want(204, "PUT", "/api/v1/session/password", `{"password":"correct horse battery"}`)
		h.want(204, "DELETE", "/api/v1/session", "")
		h.csrf = ""
		h.want(401, "POST", "/api/v1/things/x", `{"name":"ab"}`)
		h.want(401, "POST", "/api/v1/session", `{"name":"`+u.Name+`","password":"wrong"}`)
		h.want(401, "POST", "/api/v1/session", `{"name":"nobody","password":"wrong"}`)
		h.want(204, "POST", "/api/v1/session", `{"name":"`+u.Name+`","password":"correct horse battery"}`)
		if text := h.want(200, "GET", "/api/v1/session", ""); !strings.Contains(text, `"locale":"fr"`) {
			t.Fatalf("preferences were lost: %s", text)
		}
		if _, err := h.people.AddUser(t.Context(), u.Name, RoleViewer); fault.KindOf(err) != fault.Conflict {
			t.Fatalf("the same name twice: %v", err)
		}
	})
}

func TestLinksWorkOnce(t *testing.T) {
	h := open(t, storetest.Open(t, storetest.SQLite(t)))
	u, err := h.people.AddUser(t.Context(), "Bo", RoleViewer)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := h.people.Link(t.Context(), u.ID)
	if err != nil {
		t.Fatal(err)
	}
	h.want(204, "POST", "/api/v1/session/redeem", `{"token":"`+secret+`"}`)
	h.want(401, "POST", "/api/v1/session/redeem", `{"token":"`+secret+`"}`)
}

func TestGuessingIsSlowedDown(t *testing.T) {
	h := open(t, storetest.Open(t, storetest.SQLite(t)))
	for range freeTries {
		h.want(401, "POST", "/api/v1/session", `{"name":"Bo","password":"no"}`)
	}
	status, header, _ := h.do("POST", "/api/v1/session", `{"name":"Bo","password":"no"}`)
	if status != http.StatusTooManyRequests || header.Get("Retry-After") == "" {
		t.Fatalf("guess after guess is answered with %d", status)
	}
}

func TestRolesAndForgery(t *testing.T) {
	h := open(t, storetest.Open(t, storetest.SQLite(t)))
	h.signIn(RoleViewer)
	h.want(403, "POST", "/api/v1/things/x", `{"name":"ab"}`)
	h.want(403, "GET", "/api/v1/tokens", "")
	h.signIn(RoleOperator)
	h.want(201, "POST", "/api/v1/things/x", `{"name":"ab"}`)
	h.want(403, "POST", "/api/v1/things/x", `{"name":"ab"}`, csrfHeader, "wrong")
	h.want(403, "POST", "/api/v1/things/x", `{"name":"ab"}`, "Sec-Fetch-Site", "cross-site")
}

func TestTokens(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := open(t, s)
		h.signIn(RoleAdmin)
		var made Token
		text := h.want(201, "POST", "/api/v1/tokens", `{"name":"feed","role":"operator","days":1}`)
		if err := json.Unmarshal([]byte(text), &made); err != nil {
			t.Fatal(err)
		}
		if list := h.want(200, "GET", "/api/v1/tokens", ""); strings.Contains(list, made.Secret) || !strings.Contains(list, made.ID) {
			t.Fatalf("the list of tokens is %s", list)
		}
		h.client.Jar, h.csrf = nil, ""
		h.want(201, "POST", "/api/v1/things/x", `{"name":"ab"}`, "Authorization", "Bearer "+made.Secret)
		text = h.want(200, "GET", "/api/v1/session", "", "Authorization", "Bearer "+made.Secret)
		var session SessionInfo
		if err := json.Unmarshal([]byte(text), &session); err != nil {
			t.Fatal(err)
		}
		if !session.SignedIn || session.User != nil || session.CSRF != "" || session.Program.ID != made.ID ||
			session.Program.Role != RoleOperator || !slices.Equal(session.Permissions, grants(RoleOperator)) {
			t.Fatalf("a program's session is %s", text)
		}
		if text := h.want(200, "GET", "/api/v1/session", "", "Authorization", "Bearer nonsense"); !strings.Contains(text, `"signed_in":false`) {
			t.Fatalf("a stranger's session is %s", text)
		}
		h.want(401, "POST", "/api/v1/things/x", `{"name":"ab"}`, "Authorization", "Bearer nonsense")
		h.want(401, "POST", "/api/v1/things/x", `{"name":"ab"}`, "Authorization", "Basic x")
	})
}

func TestProblems(t *testing.T) {
	h := open(t, storetest.Open(t, storetest.SQLite(t)))
	h.signIn(RoleOperator)
	if text := h.want(422, "POST", "/api/v1/things/x?limit=0&since=yesterday", `{"name":"a"}`); strings.Count(text, `"where"`) != 3 {
		t.Errorf("not every problem is listed: %s", text)
	}
	h.want(422, "POST", "/api/v1/things/x", `{"name":`)
	h.want(413, "POST", "/api/v1/things/x", `{"name":"`+strings.Repeat("a", maxBody)+`"}`)
	if text := h.want(500, "GET", "/api/v1/broken", ""); strings.Contains(text, "internals") {
		t.Errorf("internals leave the program: %s", text)
	}
	if status, header, _ := h.do("GET", "/api/v1/busy", ""); status != 503 || header.Get("Retry-After") != "2" {
		t.Errorf("busy is answered with %d, Retry-After %q", status, header.Get("Retry-After"))
	}
	_, header, _ := h.do("GET", "/api/v1/nothing", "")
	if header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("an unknown route answers with %s", header.Get("Content-Type"))
	}
	if text := h.want(200, "GET", "/queue", ""); !strings.Contains(text, "console") {
		t.Errorf("the console's own addresses are not served: %s", text)
	}
	if !strings.Contains(header.Get("Content-Security-Policy"), "script-src 'self'") {
		t.Error("an answer carries no content security policy")
	}
}

func TestListsAreNeverNull(t *testing.T) {
	h := open(t, storetest.Open(t, storetest.SQLite(t)))
	h.signIn(RoleOperator)
	if text := h.want(201, "POST", "/api/v1/things/x", `{"name":"ab"}`); !strings.Contains(text, `"parts":[]`) {
		t.Errorf("an empty list is %s", text)
	}
}

func TestTableIsChecked(t *testing.T) {
	fine := thingRoutes()[0]
	nobody, twice := fine, fine
	nobody.ID, nobody.Path, nobody.Permission = "other", "/other", ""
	err := checkTable([]module.Route{fine, nobody, twice})
	if err == nil || !strings.Contains(err.Error(), "has no permission") || !strings.Contains(err.Error(), "two routes") {
		t.Fatalf("a bad table is let through: %v", err)
	}
}

func TestPermissionsGrowWithTheRole(t *testing.T) {
	for i, role := range Roles()[1:] {
		for _, p := range grants(role) {
			for _, higher := range Roles()[1+i:] {
				if !allowed(higher, p) {
					t.Errorf("%s may %s, %s may not", role, p, higher)
				}
			}
		}
	}
}

func TestAPathIsToldFromItsMethods(t *testing.T) {
	h := open(t, storetest.Open(t, storetest.SQLite(t)))
	for _, c := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"PATCH", "/api/v1/things/x", 405, "POST"},
		{"DELETE", "/api/v1/busy", 405, "GET, HEAD"},
		{"OPTIONS", "/api/v1/session", 405, "GET, HEAD, POST, DELETE"},
		{"DELETE", "/api/v1/nothing", 404, ""},
		{"GET", "/api/v1/things/x/y", 404, ""},
		{"POST", "/queue", 405, "GET, HEAD"},
	} {
		status, header, text := h.do(c.method, c.path, "")
		if status != c.status || header.Get("Allow") != c.allow || header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s %s: %d, Allow %q, %s", c.method, c.path, status, header.Get("Allow"), text)
		}
	}
}

func TestUnknownQueryParametersAreRefused(t *testing.T) {
	raw := func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) }
	h := open(t, storetest.Open(t, storetest.SQLite(t)),
		module.Serve[module.None]("GET", "/raw", module.Op{ID: "raw", Permission: module.Public}, nil, raw),
		module.Serve[module.Page]("GET", "/raw-page", module.Op{ID: "raw-page", Permission: module.Public}, nil, raw))
	h.signIn(RoleOperator)
	text := h.want(422, "POST", "/api/v1/things/x?since=2026-11-22T08:00:00Z&source=eve", `{"name":"ab"}`)
	if !strings.Contains(text, `"query.source"`) || !strings.Contains(text, "cursor, limit, since") {
		t.Errorf("the refusal names neither the parameter nor the known ones: %s", text)
	}
	h.want(422, "GET", "/api/v1/session?x", "")
	h.want(422, "GET", "/api/v1/raw-page?x=1", "")
	h.want(204, "GET", "/api/v1/raw-page?limit=1", "")
	h.want(204, "GET", "/api/v1/raw?x=1", "")
}
