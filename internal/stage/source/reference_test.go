package source

import (
	"os"
	"strings"
	"testing"

	"github.com/go-viper/mapstructure/v2"
	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/rawbytes"
	"github.com/knadh/koanf/v2"
)

// The example of the reference page is a configuration that works, with every key known.
func TestReferenceExample(t *testing.T) {
	page, err := os.ReadFile("../../../docs/reference/sources.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "```yaml\n")
	example, _, ok := strings.Cut(rest, "```")
	if !ok {
		t.Fatal("the page has no example")
	}
	k := koanf.New(".")
	if err := k.Load(rawbytes.Provider([]byte(example)), yaml.Parser()); err != nil {
		t.Fatal(err)
	}
	var c Config
	err = k.UnmarshalWithConf("sources", &c, koanf.UnmarshalConf{DecoderConfig: &mapstructure.DecoderConfig{
		Result: &c, TagName: "koanf", ErrorUnused: true, DecodeHook: mapstructure.StringToTimeDurationHookFunc(),
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range c.Validate() {
		t.Error(err)
	}
	if len(c.Sources) != 5 || c.Sources[4].Files.Linger == 0 || c.MQTT.TLS.Cert != "mqtt.pem" {
		t.Errorf("read %+v", c)
	}
	d := c.WithDefaults()
	if c.Limits != (Config{}).WithDefaults().Limits || c.MQTT.Inflight != (Config{}).WithDefaults().MQTT.Inflight || *d.Sources[0].Syslog != *c.Sources[0].Syslog {
		t.Error("the numbers shown are not the defaults")
	}
}
