package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func load(t *testing.T, text string) (Config, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "warder.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return LoadConfig(path)
}

func TestConfigRefusesWhatNothingReads(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"htp: {listen: x}", "htp: there is no such key"},
		{"http: {lisen: '127.0.0.1:1'}", "http.lisen: there is no such key; did you mean http.listen?"},
		{"store: {driver: mysql}", `store.driver: "mysql" is unknown; sqlite or postgres would be right`},
		{"store: {driver: postgres}", "store.dsn_file: is missing"},
		{"http: {listen: '0.0.0.0:80'}", "TLS is needed"},
		{"http: {listen: nonsense}", "is no host:port"},
		{"http: {tls: {cert: a.pem}}", "cert and key go together"},
		{"log: {level: loud}", "log.level"},
		{"correlate: {window: 3h, age: 1h}", "age not below window"},
		{"correlate: {window: soon}", "soon"},
		{"correlate: {window: 60}", "correlate.window: 60 is no duration; 60s, 10m or 2h would be"},
		{"sources: {list: [{id: a, kind: http, expect: 60}]}", "sources.list[0].expect: 60 is no duration; 60s, 10m or 2h would be"},
		{"correlate: {size: 1.7}", "correlate.size: 1.7 is no whole number; 1 would be"},
		{"correlate: {size: many}", "correlate.size: many does not fit; it takes a whole number"},
		{"data: [a]", "data: a list is there; it takes text"},
		{"data: 5", `data: 5 is no text; "5", in quotes, would be`},
		{"rules: {folders: [{a: b}]}", "rules.folders[0]: keys are nested below it; it takes text"},
		{"http: nonsense", "http: something else than it takes is there; it takes keys of its own"},
		{"sources: {list: 5}", "sources.list: something else than it takes is there; it takes a list"},
		{"http.listen: x", "http.listen: there is no such key; keys nest; write http: {listen: ...}"},
		{"http: {listen: '127.0.0.1:99999'}", `http.listen: "99999" is no port; 1 to 65535 would be`},
		{"http: {tls: {cert: a.pem, key: b.pem}}", "a.pem does not exist; name a PEM file"},
		{"store: {driver: postgres, dsn_file: nowhere}", "nowhere does not exist; name a file that holds the connection string"},
		{"exercise: {mqtt_password_file: nowhere}", "exercise.mqtt_password_file: "},
		{"rules: {folders: [nowhere]}", "nowhere does not exist; name a folder of Sigma rules"},
		{"rules: {folders: [warder.yaml]}", "is no folder"},
		{"sources: {mqtt: {tls_address: ':0', tls: {cert: c, key: k}}}", "sources.mqtt.tls.cert: "},
		{"sources: {list: [{id: a, kind: syslog, syslog: {tls_address: ':0', tls: {cert: c, key: k}}}]}", "sources.list[0].syslog.tls.key: "},
		{"sources: {mqtt: {tcp: '127.0.0.1:0'}, list: [{id: a, kind: mqtt, mqtt: {users: [{name: u, password: 'file:p'}]}}]}", "sources.list[0].mqtt.users[0].password: "},
		{"sources: {list: [{id: a, kind: carrier-pigeon}]}", "carrier-pigeon"},
		{"sources: {list: [{id: a, kind: syslog, syslog: {udp: '127.0.0.1:0', colour: red}}]}", "colour: there is no such key"},
	} {
		_, err := load(t, c.text)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\n  got  %v\n  want %s", c.text, err, c.want)
		} else if !strings.Contains(err.Error(), "warder.yaml") {
			t.Errorf("%s: the error does not name the file: %v", c.text, err)
		}
	}
}

func TestConfigListsEveryProblem(t *testing.T) {
	_, err := load(t, "htp: 1\nlog: {level: loud, format: xml}\n")
	if err == nil || len(strings.Split(err.Error(), "\n")) != 3 {
		t.Fatalf("three problems are reported as: %v", err)
	}
}

func TestEveryLineNamesFileAndKey(t *testing.T) {
	_, err := load(t, "notify: {timeout: 2h, webhooks: [{name: A, url: x, secret_file: none}]}\nlog: {level: loud}\n")
	if err == nil {
		t.Fatal("no error")
	}
	all := strings.Split(err.Error(), "\n")
	if len(all) != 5 {
		t.Errorf("five problems are reported as: %v", err)
	}
	for _, line := range all {
		_, rest, ok := strings.Cut(line, "warder.yaml: ")
		if !ok || !strings.HasPrefix(rest, "notify.") && !strings.HasPrefix(rest, "log.level: ") {
			t.Errorf("a line without file and key: %s", line)
		}
		if strings.Contains(rest, "webhook") && !strings.HasPrefix(rest, "notify.webhooks[0]: ") {
			t.Errorf("a line without the whole key: %s", line)
		}
	}
}

// The files are read while the configuration is validated, from wherever Warder
// is started.
func TestConfigPathsAreRelativeToTheFile(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"secret": "0123456789abcdef", "cert.pem": "c", "key.pem": "k", "dsn": "d", "user": "u", "exercise": "e", "rules/keep": "",
		"warder.yaml": `
data: here
rules: {folders: [rules]}
store: {driver: postgres, dsn_file: dsn}
http: {tls: {cert: cert.pem, key: key.pem}}
exercise: {mqtt_user: u, mqtt_password_file: exercise}
notify: {webhooks: [{name: desk, url: "https://desk.example/", secret_file: secret}]}
sources:
  mqtt: {tls_address: "127.0.0.1:0", tls: {cert: cert.pem, key: key.pem}}
  list:
    - {id: a, kind: syslog, syslog: {tls_address: "127.0.0.1:0", tls: {cert: cert.pem, key: key.pem}}}
    - {id: b, kind: mqtt, mqtt: {users: [{name: u, password: "file:user"}], topics: [{filter: f, format: frigate}]}}
`} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(t.TempDir())
	c, err := LoadConfig(filepath.Join(dir, "warder.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{c.Data, c.Rules.Folders[0], c.Store.DSNFile, c.HTTP.TLS.Key, c.Exercise.MQTTPasswordFile,
		c.Notify.Webhooks[0].SecretFile, c.Sources.MQTT.TLS.Cert, c.Sources.Sources[0].Syslog.TLS.Cert} {
		if filepath.Dir(path) != dir {
			t.Errorf("%s is not in the configuration's folder", path)
		}
	}
}

func TestDefaultsAreValid(t *testing.T) {
	c := Defaults()
	if errs := c.Validate(); len(errs) > 0 {
		t.Fatalf("the defaults are refused: %v", errs)
	}
}

// A mapping that nobody made would make every record unreadable; one of the
// configuration's own is as good as one that ships.
func TestMappingsThatAreNamedExist(t *testing.T) {
	const text = `
mappings: [{name: ours, category: sensor}]
sources:
  mqtt: {tcp: "127.0.0.1:0"}
  list:
    - {id: a, kind: http, http: {formats: [webhook], mappings: [ours, nomap]}}
    - {id: b, kind: mqtt, mqtt: {users: [{name: u, password: "plain:0123456789abcdef"}], topics: [{filter: f, format: sensor, mapping: beja}, {filter: g, format: sensor, mapping: beia}]}}
`
	_, err := load(t, text)
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		`sources.list[0].http.mappings[1]: there is no mapping "nomap"; beia, ours, plain would be right`,
		`sources.list[1].mqtt.topics[0].mapping: there is no mapping "beja"`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("there is no %q in %v", want, err)
		}
	}
	if _, err := load(t, "mappings: [{name: m, category: sensors}]\n"); err == nil || !strings.Contains(err.Error(), "warder.yaml: mappings[0]: category:") {
		t.Errorf("a mapping's key: %v", err)
	}
}

// One path is written in one way, however the file writes it.
func TestPathsAreCleaned(t *testing.T) {
	c := Defaults()
	c.Data, c.Backup.Folder, c.HTTP.TLS.Key = "/srv/warder/", "/srv/warder//backups/", "keys/"
	c.relativeTo("/etc/warder")
	if c.Data != "/srv/warder" || c.Backup.Folder != "/srv/warder/backups" || c.HTTP.TLS.Key != "/etc/warder/keys" {
		t.Errorf("%q, %q, %q", c.Data, c.Backup.Folder, c.HTTP.TLS.Key)
	}
}
