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

func TestConfigPathsAreRelativeToTheFile(t *testing.T) {
	c, err := load(t, "data: here\nrules: {folders: [rules]}\n")
	if err != nil {
		t.Fatal(err)
	}
	if !filepath.IsAbs(c.Data) || !filepath.IsAbs(c.Rules.Folders[0]) {
		t.Fatalf("paths are %s and %s", c.Data, c.Rules.Folders[0])
	}
}

func TestDefaultsAreValid(t *testing.T) {
	c := Defaults()
	if errs := c.Validate(); len(errs) > 0 {
		t.Fatalf("the defaults are refused: %v", errs)
	}
}
