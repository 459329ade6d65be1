package source

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warder/internal/flow"
)

func good() Config {
	return Config{
		MQTT: Broker{TCP: "127.0.0.1:1883"},
		Sources: []Source{
			{ID: "panels", Kind: KindSyslog, Expect: 5 * time.Minute, Syslog: &Syslog{UDP: ":514", TCP: ":514"}},
			{ID: "logs", Kind: KindHTTP, HTTP: &HTTP{Formats: []flow.Format{flow.FormatJSON, flow.FormatWebhook}, Mappings: []string{"lift"}}},
			{ID: "cameras", Kind: KindMQTT, Topics: &Topics{
				Users:  []User{{Name: "frigate", Password: "file:frigate-password"}},
				Topics: []Topic{{Filter: "frigate/events", Format: flow.FormatFrigate}, {Filter: "sensors/+", Format: flow.FormatSensor, Mapping: "beia"}},
				Ignore: []string{"frigate/#"},
			}},
			{ID: "suricata", Kind: KindFile, Files: &Files{Paths: []string{"/var/log/suricata/eve*.json"}, Format: flow.FormatSuricata}},
		},
	}
}

func TestValidate(t *testing.T) {
	if errs := good().Validate(); len(errs) != 0 {
		t.Fatalf("a good configuration is refused: %v", errs)
	}
	if errs := good().WithDefaults().Validate(); len(errs) != 0 {
		t.Fatalf("the defaults are refused: %v", errs)
	}
	tests := []struct {
		name  string
		spoil func(*Config)
		want  string // key and a word of what would be right
	}{
		{"id", func(c *Config) { c.Sources[0].ID = "Fire Panels" }, `list[0].id: "Fire Panels" is no id; want lower case`},
		{"twice", func(c *Config) { c.Sources[1].ID = "panels" }, `list[1].id: "panels" is the id of sources.list[0] already`},
		{"kind", func(c *Config) { c.Sources[0].Kind = "snmp" }, `list[0].kind: "snmp" is no kind of source; want syslog, http, mqtt or file`},
		{"expect", func(c *Config) { c.Sources[0].Expect = time.Second }, `list[0].expect: 1s is too short`},
		{"part missing", func(c *Config) { c.Sources[0].Syslog = nil }, `list[0].syslog: is missing`},
		{"part of another kind", func(c *Config) { c.Sources[0].HTTP = &HTTP{} }, `list[0].http: does not belong`},
		{"no listener", func(c *Config) { c.Sources[0].Syslog = &Syslog{} }, `list[0].syslog: listens nowhere; set udp`},
		{"address", func(c *Config) { c.Sources[0].Syslog.UDP = "514" }, `list[0].syslog.udp: "514" is no address to listen on; want host:port`},
		{"TLS without a key", func(c *Config) { c.Sources[0].Syslog.TLSAddress = ":6514" }, `list[0].syslog.tls: tls_address needs tls.cert`},
		{"TLS for nothing", func(c *Config) { c.Sources[0].Syslog.TLS.Cert = "a.pem" }, `list[0].syslog.tls: is used with tls_address only`},
		{"no format", func(c *Config) { c.Sources[1].HTTP.Formats = nil }, `list[1].http.formats: is empty; list at least one of ndjson`},
		{"format", func(c *Config) { c.Sources[1].HTTP.Formats[0] = "xml" }, `list[1].http.formats[0]: "xml" is unknown; want ndjson, suricata, webhook`},
		{"no mapping", func(c *Config) { c.Sources[1].HTTP.Mappings = nil }, `list[1].http.mappings: is empty`},
		{"no broker", func(c *Config) { c.MQTT = Broker{} }, `mqtt: listens nowhere`},
		{"anonymous from anywhere", func(c *Config) { c.MQTT.Anonymous, c.MQTT.TCP = true, ":1883" }, `mqtt.anonymous: clients without a name are let in on loopback addresses only`},
		{"anonymous in one place", func(c *Config) { c.Sources[2].Topics.Anonymous = true }, `list[2].mqtt.anonymous: needs sources.mqtt.anonymous: true`},
		{"nobody may publish", func(c *Config) { c.Sources[2].Topics.Users = nil }, `list[2].mqtt.users: is empty`},
		{"password in the clear", func(c *Config) { c.Sources[2].Topics.Users[0].Password = "secret" }, `list[2].mqtt.users[0].password: want "$argon2id$..."`},
		{"filter", func(c *Config) { c.Sources[2].Topics.Topics[0].Filter = "frigate#" }, `list[2].mqtt.topics[0].filter: "frigate#" is no topic filter`},
		{"topic of exercises", func(c *Config) { c.Sources[2].Topics.Topics[0].Filter = "exercise/+" }, `list[2].mqtt.topics[0].filter: "exercise/+" cannot be used`},
		{"sensor without a mapping", func(c *Config) { c.Sources[2].Topics.Topics[1].Mapping = "" }, `list[2].mqtt.topics[1].mapping: is empty`},
		{"no path", func(c *Config) { c.Sources[3].Files.Paths = nil }, `list[3].file.paths: is empty`},
		{"glob", func(c *Config) { c.Sources[3].Files.Paths[0] = "[" }, `list[3].file.paths[0]: "[" is no path`},
		{"start", func(c *Config) { c.Sources[3].Files.Start = "middle" }, `list[3].file.start: "middle" is unknown; want beginning, end`},
		{"limit", func(c *Config) { c.Limits.Record = 10 }, `limits.record: 10 is too small; at least 1024`},
		{"limit too large", func(c *Config) { c.Limits.Record = 1 << 30 }, `limits.record: 1073741824 bytes are too many`},
		{"time span", func(c *Config) { c.Sources[0].Syslog.Idle = -1 }, `list[0].syslog.idle: -1ns is negative`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := good()
			tt.spoil(&c)
			errs := c.Validate()
			for _, err := range errs {
				if strings.HasPrefix(err.Error(), tt.want) {
					return
				}
			}
			t.Errorf("got %v, want one that begins with %q", errs, tt.want)
		})
	}
}

func TestUsersBelongToOneSource(t *testing.T) {
	c := good()
	c.Sources = append(c.Sources, c.Sources[2])
	c.Sources[4].ID = "more"
	errs := c.Validate()
	if len(errs) != 1 || !strings.Contains(errs[0].Error(), `"frigate" is a user of source "cameras" already`) {
		t.Errorf("got %v", errs)
	}
}

func TestRelativeTo(t *testing.T) {
	c := good()
	c.MQTT.TLS.Cert = "mqtt.pem"
	c.Sources[3].Files.Paths = []string{"eve.json", "/abs/eve.json"}
	got := c.RelativeTo("/etc/warder")
	if got.MQTT.TLS.Cert != "/etc/warder/mqtt.pem" || got.Sources[2].Topics.Users[0].Password != "file:/etc/warder/frigate-password" {
		t.Errorf("got %+v", got)
	}
	if diff := cmp.Diff([]string{"/etc/warder/eve.json", "/abs/eve.json"}, got.Sources[3].Files.Paths); diff != "" {
		t.Error(diff)
	}
	if c.Sources[3].Files.Paths[0] != "eve.json" || c.Sources[2].Topics.Users[0].Password != "file:frigate-password" {
		t.Error("the original was changed")
	}
}

func TestSecrets(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return "file:" + p
	}
	const (
		sha   = "sha256:2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b" // of "secret"
		argon = "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$"                                // with the hash of "secret" below
	)
	whole := argon + argonOf("secret")
	for _, s := range []string{sha, whole, file("plain", "secret\r\n"), file("hash", whole+"\n"), file("digest", sha)} {
		p, err := ParseSecret(s)
		if err == nil {
			p, err = p.Load()
		}
		if err != nil {
			t.Errorf("%s: %v", s, err)
			continue
		}
		if !p.Matches([]byte("secret")) || p.Matches([]byte("Secret")) || p.Matches(nil) {
			t.Errorf("%s does not tell the password from others", s)
		}
	}
	for _, s := range []string{"", "secret", "file:", "sha256:12", "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ", "$argon2id$v=19$m=99999999,t=1,p=1$c29tZXNhbHQ$" + argonOf("x"), "$argon2id$v=19$m=64,t=0,p=1$c29tZXNhbHQ$" + argonOf("x")} {
		if _, err := ParseSecret(s); err == nil {
			t.Errorf("%q was taken for a secret", s)
		}
	}
	for _, s := range []string{file("empty", "\n"), "file:" + filepath.Join(dir, "absent")} {
		p, err := ParseSecret(s)
		if err == nil {
			_, err = p.Load()
		}
		if err == nil {
			t.Errorf("%q was loaded", s)
		}
	}
	if (Secret{}).Matches(nil) {
		t.Error("no secret at all lets everybody in")
	}
}

func FuzzParseSecret(f *testing.F) {
	f.Add("$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$" + argonOf("x"))
	f.Add("sha256:00")
	f.Fuzz(func(t *testing.T, s string) {
		if p, err := ParseSecret(s); err == nil && p.file == "" && p.digest == nil && p.hash == nil {
			t.Errorf("%q gives an empty secret", s)
		}
	})
}
