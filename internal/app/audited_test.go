package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"warder/internal/api"
	"warder/internal/exchange"
	"warder/internal/flow"
	"warder/internal/hospital"
	"warder/internal/store"
)

// unaudited are the routes that write and leave no line in the audit, each with
// the reason.
var unaudited = map[string]string{
	"POST /ingest/{format}": "what comes in is the evidence itself, and names its sender there",
	"POST /rules/check":     "it reads the text that it is given and changes nothing",
	"POST /rules/explain":   "it reads the event that it is given and changes nothing",
}

// unlooked are the routes that read and leave no line, each with the reason.
var unlooked = map[string]string{
	"GET /assets": "places and devices", "GET /assets/{id}": "places and devices", "GET /audit/state": "figures and keys",
	"GET /care": "services", "GET /exercises": "exercises", "GET /storage": "figures",
	"GET /evidence/holds": "incidents and reasons", "GET /evidence/deletions/{number}": "sums of what was removed, and who asked for it", "GET /exercises/scenarios": "scenarios", "GET /floor-plans": "drawings",
	"GET /floor-plans/{id}": "drawings", "GET /hospital": "figures", "GET /hospital/export": "places and devices", "GET /hospital/versions": "versions",
	"GET /incidents":             "titles; who opens an incident is written down",
	"GET /incidents/{id}/impact": "places and services", "GET /incidents/{id}/impact/history": "places and services",
	"GET /incidents/{id}/notices": "messages of Warder's own", "GET /incidents/{id}/plan": "tasks", "GET /notices": "messages of Warder's own",
	"GET /openapi.json": "this interface", "GET /playbooks": "checklists", "GET /rules": "rules",
	"GET /rules/{id}": "rules; what exceptions name was written there by the staff", "GET /session": "oneself", "GET /sources": "figures",
	"GET /stream": "that something changed, not what", "GET /texts/{locale}": "texts", "GET /backups": "figures", "GET /pipeline": "figures",
	"GET /saved-searches": "what oneself or a colleague asked for", "GET /topics/{topic}/dead": "reasons; who opens a message is written down",
	"GET /tokens": "programs", "GET /topics": "figures",
	"GET /unknown-assets": "devices", "GET /webhooks": "figures",
}

// TestEveryRouteIsAudited uses every route that changes something, and every one
// that shows personal data, and looks for the line that it leaves. A new route
// comes into one of the lists, or fails here.
func TestEveryRouteIsAudited(t *testing.T) {
	cfg := crashConfig(t.TempDir())
	recipient, _ := recovery(t)
	cfg.Backup.Recipients = []string{recipient}
	damaged := filepath.Join(cfg.eventsDir(), "quarantine", setAside)
	if err := errors.Join(os.MkdirAll(filepath.Dir(damaged), 0o700), os.WriteFile(damaged, []byte("torn"), 0o600)); err != nil {
		t.Fatal(err)
	}
	s := serve(t, cfg, func(a *App) error { return a.LoadReference(t.Context()) })
	v := &visitor{t: t, s: s, used: map[string]bool{}}
	v.prepare()
	v.incidents()
	v.rules()
	v.evidence()
	v.people()
	v.sessions()
	v.instance()
	handler, err := s.house.handler()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range handler.Matrix() {
		route := strings.Replace(row[0], api.Prefix, "", 1)
		if !v.used[route] && unaudited[route] == "" && unlooked[route] == "" {
			t.Errorf("%s: use it in this test and name the line that it leaves in the audit, or say in a list why it leaves none", route)
		}
	}
}

// setAside is a damaged file of events, which an earlier run found.
const setAside = "00000000000000000000-00000000000000000001-00112233445566778899aabbccddeeff.parquet"

// visitor uses routes one after the other.
type visitor struct {
	t    *testing.T
	s    *stand
	used map[string]bool

	all []flow.Incident
}

// does uses a route, "METHOD /pattern", at a path, and expects a line.
func (v *visitor) does(route, path, body, action string) []byte {
	v.t.Helper()
	before := v.lines(action)
	answer := v.s.must(v.t, strings.Fields(route)[0], path, body)
	v.left(route, action, before)
	return answer
}

func (v *visitor) left(route, action string, before int) {
	v.t.Helper()
	v.used[route] = true
	if v.lines(action) == before {
		v.t.Errorf("%s left no line %s", route, action)
	}
}

func (v *visitor) lines(action string) int {
	v.t.Helper()
	lines, _, err := v.s.house.store.AuditLog(v.t.Context(), store.AuditQuery{Action: action, Limit: 500})
	if err != nil {
		v.t.Fatal(err)
	}
	for _, l := range lines {
		if l.By == "" || l.Subject == "" && action != "session.refuse" {
			v.t.Errorf("line without who or what: %+v", l)
		}
	}
	return len(lines)
}

// prepare makes incidents and unknown assets.
func (v *visitor) prepare() {
	for i, point := range points() {
		v.s.must(v.t, http.MethodPost, "/ingest/webhook?mapping=panel", fmt.Sprintf(`{"message":"number %d","point":%q}`, i, point))
	}
	for _, host := range []string{"srv-nowhere", "srv-elsewhere"} {
		v.s.must(v.t, http.MethodPost, "/ingest/ndjson", fmt.Sprintf(`{"application":"schedule","action":"appointments.move","user":"x","host":%q}`, host))
	}
	until(v.t, "there are incidents", func() bool {
		if err := v.s.house.settle(v.t.Context(), settleTime); err != nil {
			v.t.Fatal(err)
		}
		v.all = list[flow.Incident](v.t, &v.s.caller, "/incidents?status=all")
		return len(v.all) > 1
	})
}

func (v *visitor) incidents() {
	at := "/incidents/" + v.all[0].ID
	v.does("POST /incidents/{id}/merge", "/incidents/"+v.all[1].ID+"/merge", fmt.Sprintf(`{"into":%q,"reason":"one fire"}`, v.all[0].ID), "incident.merge")
	for _, part := range []string{"", "/alerts", "/timeline"} {
		v.looked("GET /incidents/{id}"+part, at+part, "incident.look")
	}
	v.looked("GET /alerts/waiting", "/alerts/waiting", "alert.look")
	act := func(name, body string) []byte {
		return v.does("POST /incidents/{id}/"+name, at+"/"+name, body, "incident."+name)
	}
	act("acknowledge", `{}`)
	act("owner", `{"owner":"Ada"}`)
	act("comment", `{"text":"seen"}`)
	act("escalate", `{"reason":"it spreads"}`)
	act("dispatch", `{"who":"guard 3"}`)
	in := answer[flow.Incident](v.t, v.s.must(v.t, http.MethodGet, at, ""))
	act("verdict", fmt.Sprintf(`{"asset":%q,"threat":"fire","verdict":"confirmed","why":"seen there"}`, in.Assets[0].Asset))
	act("shelve", fmt.Sprintf(`{"why":"later","until":%q}`, time.Now().Add(time.Hour).Format(time.RFC3339)))
	act("unshelve", `{}`)
	alerts := list[struct {
		Alert flow.Alert `json:"alert"`
	}](v.t, &v.s.caller, at+"/alerts?")
	act("split", fmt.Sprintf(`{"alerts":[%q],"reason":"another fire"}`, alerts[0].Alert.ID))
	v.plans(at)
	act("status", `{"status":"resolved","reason":"put out"}`)
	notice := list[flow.Notice](v.t, &v.s.caller, "/notices?open=true")
	v.does("POST /notices/{id}/acknowledge", "/notices/"+notice[0].ID+"/acknowledge", "", "notice.acknowledge")
}

func (v *visitor) plans(incident string) {
	for _, p := range list[struct {
		ID string `json:"id"`
	}](v.t, &v.s.caller, "/playbooks?") {
		before := v.lines("plan.add")
		v.s.must(v.t, http.MethodPost, incident+"/plan", fmt.Sprintf(`{"playbook":%q}`, p.ID))
		if v.lines("plan.add") > before {
			v.used["POST /incidents/{id}/plan"] = true
		}
	}
	plans := list[flow.Plan](v.t, &v.s.caller, incident+"/plan?")
	v.does("POST /plans/{id}/tasks/{task}", "/plans/"+plans[0].ID+"/tasks/"+plans[0].Tasks[0].ID, `{"state":"done"}`, "plan.task")
}

// looked uses a route that shows personal data. A look of the same caller at the
// same thing is one line in a while, so every use is another caller's.
func (v *visitor) looked(route, path, action string) {
	v.t.Helper()
	other := *v.s
	token, err := v.s.house.people.MakeToken(v.t.Context(), "looker", api.RoleAdmin, time.Hour)
	if err != nil {
		v.t.Fatal(err)
	}
	other.token = token.Secret
	before := v.lines(action)
	other.must(v.t, strings.Fields(route)[0], path, "")
	v.left(route, action, before)
	before = v.lines(action)
	other.must(v.t, strings.Fields(route)[0], path, "")
	if again := v.lines(action); strings.HasSuffix(action, ".look") && action != "events.look" && again != before {
		v.t.Errorf("%s left a second line for the second look", route)
	}
}

func (v *visitor) rules() {
	rule := list[struct {
		ID string `json:"id"`
	}](v.t, &v.s.caller, "/rules?limit=500")[0].ID
	at := "/rules/" + url.PathEscape(rule)
	v.does("PUT /rules/{id}/setting", at+"/setting", `{"off":true,"severity":"","why":"maintenance"}`, "rule.set")
	x := answer[struct {
		ID string `json:"id"`
	}](v.t, v.does("POST /rules/{id}/exceptions", at+"/exceptions", fmt.Sprintf(
		`{"when":[{"field":"event.action","op":"is","value":"x"}],"why":"known","until":%q}`, time.Now().Add(time.Hour).Format(time.RFC3339)), "rule.except"))
	v.does("DELETE /rules/{id}/exceptions/{exception}", at+"/exceptions/"+x.ID, "", "rule.unexcept")
	v.does("POST /rules/reload", "/rules/reload", "", "rules.reload")
	v.does("POST /rules/try", "/rules/try", `{"text":"title: x\nlogsource: {product: x}\ndetection: {s: {a: b}, condition: s}\n"}`, "events.look")
	event := list[flow.Event](v.t, &v.s.caller, "/events?limit=1")[0]
	v.looked("GET /events", "/events?limit=1", "events.look")
	v.looked("GET /events/histogram", "/events/histogram", "events.look")
	v.looked("GET /events/top", "/events/top?field=source", "events.look")
	v.looked("GET /events/fields", "/events/fields", "events.look")
	saved := answer[struct {
		ID string `json:"id"`
	}](v.t, v.does("POST /saved-searches", "/saved-searches", `{"name":"mine","query":"fire","last":"24h"}`, "search.save"))
	v.does("DELETE /saved-searches/{id}", "/saved-searches/"+saved.ID, "", "search.remove")
	v.looked("GET /events/{id}", "/events/"+url.PathEscape(event.ID), "events.look")
	v.looked("GET /sources/{id}/failures", "/sources/network/failures", "source.look")
}

func (v *visitor) evidence() {
	v.does("POST /evidence/quarantine/{name}/discard", "/evidence/quarantine/"+setAside+"/discard", `{"why":"no use any more"}`, "evidence.discard")
	hold := answer[struct {
		ID string `json:"id"`
	}](v.t, v.does("POST /evidence/holds", "/evidence/holds", fmt.Sprintf(`{"incident":%q,"why":"a lawsuit"}`, v.all[0].ID), "evidence.hold"))
	v.does("POST /evidence/holds/{id}/release", "/evidence/holds/"+hold.ID+"/release", `{"why":"it is over"}`, "evidence.release")
	v.does("POST /evidence/exports", "/evidence/exports", `{"query":"number","why":"for the police"}`, "evidence.export")
	v.does("POST /evidence/erasures", "/evidence/erasures", `{"person":"nobody.known","why":"case 7"}`, "evidence.erased")
	if v.lines("evidence.erase") == 0 {
		v.t.Error("nobody wrote down that an erasure was asked for")
	}
}

func (v *visitor) people() {
	v.looked("GET /users", "/users", "user.look")
	made := answer[api.NewUser](v.t, v.does("POST /users", "/users", `{"name":"Bea","role":"lead"}`, "user.add"))
	v.does("POST /users/{id}/link", "/users/"+made.User.ID+"/link", "", "link.make")
	v.does("DELETE /users/{id}", "/users/"+made.User.ID, "", "user.remove")
	token := answer[api.Token](v.t, v.does("POST /tokens", "/tokens", `{"name":"feed","role":"sender"}`, "token.make"))
	v.does("DELETE /tokens/{id}", "/tokens/"+token.ID, "", "token.remove")
}

// sessions signs in as a person does: by link, by password, and wrongly.
func (v *visitor) sessions() {
	link, err := v.s.house.people.LinkFor(v.t.Context(), "Cleo", api.RoleAdmin)
	if err != nil {
		v.t.Fatal(err)
	}
	_, secret, _ := strings.Cut(link, "#token=")
	jar, err := cookiejar.New(nil)
	if err != nil {
		v.t.Fatal(err)
	}
	p := &person{v: v, client: http.Client{Jar: jar}}
	p.does("POST /session/redeem", fmt.Sprintf(`{"token":%q}`, secret), "session.open", http.StatusNoContent)
	p.does("POST /session/redeem", fmt.Sprintf(`{"token":%q}`, secret), "session.refuse", http.StatusUnauthorized)
	p.csrf = answer[api.SessionInfo](v.t, p.call(http.MethodGet, "/session", "", http.StatusOK)).CSRF
	p.does("POST /session/intended-use", "", "user.intended-use", http.StatusNoContent)
	p.does("PUT /session/preferences", `{"theme":"dark"}`, "user.preferences", http.StatusNoContent)
	p.does("PUT /session/password", `{"password":"a long sentence"}`, "user.password", http.StatusNoContent)
	p.does("DELETE /session", "", "session.end", http.StatusNoContent)
	p.does("POST /session", `{"name":"Cleo","password":"a long sentence"}`, "session.open", http.StatusNoContent)
	p.does("POST /session", `{"name":"Cleo","password":"wrong"}`, "session.refuse", http.StatusUnauthorized)
	p.does("POST /session", `{"name":"Nobody here","password":"wrong"}`, "session.refuse", http.StatusUnauthorized)
}

// person is somebody with a browser.
type person struct {
	v      *visitor
	client http.Client
	csrf   string
}

func (p *person) does(route, body, action string, status int) {
	p.v.t.Helper()
	before := p.v.lines(action)
	method, path, _ := strings.Cut(route, " ")
	p.call(method, path, body, status)
	p.v.left(route, action, before)
}

func (p *person) call(method, path, body string, want int) []byte {
	p.v.t.Helper()
	req, err := http.NewRequestWithContext(p.v.t.Context(), method, p.v.s.base+path, strings.NewReader(body))
	if err != nil {
		p.v.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-CSRF-Token", p.csrf)
	res, err := p.client.Do(req)
	if err != nil {
		p.v.t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != want {
		p.v.t.Fatalf("%s %s: %d %s %v", method, path, res.StatusCode, data, err)
	}
	return data
}

func (v *visitor) instance() {
	v.does("POST /exercises", "/exercises", `{"scenario":"s1-vaccine-theft","speed":50}`, "exercise.started")
	running := list[struct {
		ID string `json:"id"`
	}](v.t, &v.s.caller, "/exercises?")
	v.does("DELETE /exercises/{id}", "/exercises/"+running[0].ID, "", "exercise.stop")
	var unknown []struct {
		ID string `json:"id"`
	}
	until(v.t, "unknown assets are written down", func() bool {
		unknown = list[struct {
			ID string `json:"id"`
		}](v.t, &v.s.caller, "/unknown-assets?")
		return len(unknown) > 1
	})
	v.does("POST /unknown-assets/{id}/ignore", "/unknown-assets/"+unknown[0].ID+"/ignore", "", "unknown-asset.ignored")
	v.does("POST /unknown-assets/{id}/adopt", "/unknown-assets/"+unknown[1].ID+"/adopt", `{"kind":"host","name":"New"}`, "unknown-asset.adopted")
	v.audit()
	v.backups()
	v.does("DELETE /demo", "/demo", "", "demo.empty")
	v.does("POST /demo", "/demo", "", "hospital.import")
	model, err := Reference()
	var zip bytes.Buffer
	if err == nil {
		err = hospital.WriteZip(&zip, model, hospital.YAML)
	}
	if err != nil {
		v.t.Fatal(err)
	}
	v.does("DELETE /demo", "/demo", "", "demo.empty")
	before := v.lines("hospital.import")
	req, err := http.NewRequestWithContext(v.t.Context(), http.MethodPost, v.s.base+"/hospital/import", &zip)
	if err != nil {
		v.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/zip")
	if status, body, err := v.s.do(&v.s.client, req); err != nil || status != http.StatusOK {
		v.t.Fatalf("import: %d %s %v", status, body, err)
	}
	v.left("POST /hospital/import", "hospital.import", before)
	v.deadLetters() // what is sent again may keep others busy
}

// backups makes one, which goes on after the answer, and fetches it.
func (v *visitor) backups() {
	before := v.lines("backup.make")
	v.s.must(v.t, http.MethodPost, "/backups", "")
	var made []struct {
		Name string `json:"name"`
	}
	until(v.t, "there is a backup", func() bool {
		made = list[struct {
			Name string `json:"name"`
		}](v.t, &v.s.caller, "/backups?")
		return len(made) > 0 && v.lines("backup.make") > before
	})
	v.left("POST /backups", "backup.make", before)
	v.does("GET /backups/{name}", "/backups/"+made[0].Name, "", "backup.download")
}

func (v *visitor) deadLetters() {
	body, err := json.Marshal(map[string]string{"no": "record"})
	if err != nil {
		v.t.Fatal(err)
	}
	bury := func() {
		if err := v.s.house.exchange.Bury(context.Background(), "raw", "test", exchange.Message{Offset: 1, Key: "x", Body: body}, "a test"); err != nil {
			v.t.Fatal(err)
		}
	}
	bury()
	dead := list[exchange.DeadLetter](v.t, &v.s.caller, "/topics/raw/dead?")
	at := "/topics/raw/dead/" + dead[0].ID
	v.does("GET /topics/{topic}/dead/{id}", at, "", "dead-letter.look")
	v.does("POST /topics/{topic}/dead/{id}/discard", at+"/discard", `{"why":"a test made it"}`, "dead-letter.discard")
	bury()
	v.does("POST /topics/{topic}/dead/{id}/mend", at+"/mend", `{"message":{"records":[]}}`, "dead-letter.mend")
	bury()
	v.does("POST /topics/{topic}/dead/{id}/replay", at+"/replay", "", "dead-letter.replay")
	bury()
	v.does("POST /topics/{topic}/dead/replay", "/topics/raw/dead/replay", "", "dead-letter.replay")
}

func (v *visitor) audit() {
	v.looked("GET /audit", "/audit", "audit.look")
	v.does("POST /audit/verify", "/audit/verify", "", "audit.verify")
	v.looked("GET /audit/export", "/audit/export?action=user.", "audit.export")
	lines, _, err := v.s.house.store.AuditLog(v.t.Context(), store.AuditQuery{Action: "user.add"})
	if err != nil {
		v.t.Fatal(err)
	}
	v.looked("GET /audit/{id}/proof", "/audit/"+lines[0].ID+"/proof", "audit.prove")
}
