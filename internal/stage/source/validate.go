package source

import (
	"fmt"
	"net"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"warder/internal/flow"
)

// Validate returns every mistake; each names the key, below the configuration of
// sources, and what would be right.
func (c Config) Validate() []error {
	v := &verdict{}
	c.Limits.validate(v)
	c.MQTT.validate(v)
	ids := map[string]int{}
	users := map[string]string{}
	anonymous := ""
	for i, s := range c.Sources {
		at := fmt.Sprintf("list[%d]", i)
		if first, twice := ids[s.ID]; twice && s.ID != "" {
			v.add(at+".id", "%q is the id of sources.list[%d] already; ids are unique", s.ID, first)
		}
		ids[s.ID] = i
		s.validate(v, at, c.MQTT)
		if s.Topics == nil {
			continue
		}
		for j, u := range s.Topics.Users {
			if other, twice := users[u.Name]; twice && u.Name != "" {
				v.add(fmt.Sprintf("%s.mqtt.users[%d].name", at, j), "%q is a user of source %q already; a name belongs to one source", u.Name, other)
			}
			users[u.Name] = s.ID
		}
		if s.Topics.Anonymous && anonymous != "" {
			v.add(at+".mqtt.anonymous", "source %q takes the anonymous clients already; one source only", anonymous)
		}
		if s.Topics.Anonymous {
			anonymous = s.ID
		}
	}
	return v.errs
}

type verdict struct{ errs []error }

func (v *verdict) add(key, format string, args ...any) {
	v.errs = append(v.errs, fmt.Errorf(key+": "+format, args...))
}

func (l Limits) validate(v *verdict) {
	atLeast(v, "limits.record", l.Record, 1024)
	atLeast(v, "limits.pending", l.Pending, 1<<20)
	atLeast(v, "limits.body", l.Body, 1024)
	atLeast(v, "limits.keys", int64(l.Keys), 1)
	if l.Record > 16<<20 {
		v.add("limits.record", "%d bytes are too many for one record; at most %d", l.Record, 16<<20)
	}
}

// atLeast refuses what is set below a bound; 0 is the default.
func atLeast(v *verdict, key string, n, least int64) {
	if n != 0 && n < least {
		v.add(key, "%d is too small; at least %d, or 0 for the default", n, least)
	}
}

func (b Broker) validate(v *verdict) {
	address(v, "mqtt.tcp", b.TCP)
	address(v, "mqtt.tls_address", b.TLSAddress)
	identity(v, "mqtt", b.TLSAddress, b.TLS)
	atLeast(v, "mqtt.connections", int64(b.Connections), 1)
	atLeast(v, "mqtt.inflight", int64(b.Inflight), 1)
	notNegative(v, "mqtt.connect", b.Connect)
	if !b.Anonymous {
		return
	}
	for _, a := range []struct{ key, value string }{{"tcp", b.TCP}, {"tls_address", b.TLSAddress}} {
		if a.value != "" && !Loopback(a.value) {
			v.add("mqtt.anonymous", "clients without a name are let in on loopback addresses only, and %s is %q; write 127.0.0.1:port there, or give every source users", a.key, a.value)
		}
	}
}

// Loopback tells whether an address can be reached from this machine only.
func Loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func validID(s string) bool {
	return regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`).MatchString(s)
}

func (s Source) validate(v *verdict, at string, b Broker) {
	if !validID(s.ID) {
		v.add(at+".id", "%q is no id; want lower case letters, digits and dashes, at most 63", s.ID)
	}
	if s.Expect != 0 && s.Expect < 10*time.Second {
		v.add(at+".expect", "%s is too short to tell silence from a pause; at least 10s, or 0 for a source that may be silent", s.Expect)
	}
	parts := map[Kind]bool{KindSyslog: s.Syslog != nil, KindHTTP: s.HTTP != nil, KindMQTT: s.Topics != nil, KindFile: s.Files != nil}
	if _, known := parts[s.Kind]; !known {
		v.add(at+".kind", "%q is no kind of source; want syslog, http, mqtt or file", s.Kind)
		return
	}
	for _, k := range []Kind{KindSyslog, KindHTTP, KindMQTT, KindFile} {
		if parts[k] && k != s.Kind {
			v.add(fmt.Sprintf("%s.%s", at, k), "does not belong to a source of kind %s; remove it, or make the kind %s", s.Kind, k)
		}
	}
	if !parts[s.Kind] {
		v.add(fmt.Sprintf("%s.%s", at, s.Kind), "is missing; a source of kind %s says there how it is reached", s.Kind)
		return
	}
	switch s.Kind {
	case KindSyslog:
		s.Syslog.validate(v, at+".syslog")
	case KindHTTP:
		s.HTTP.validate(v, at+".http")
	case KindMQTT:
		s.Topics.validate(v, at+".mqtt", b)
	case KindFile:
		s.Files.validate(v, at+".file")
	}
}

func (s Syslog) validate(v *verdict, at string) {
	if s.UDP == "" && s.TCP == "" && s.TLSAddress == "" {
		v.add(at, "listens nowhere; set udp, tcp or tls_address, as in udp: \":514\"")
	}
	address(v, at+".udp", s.UDP)
	address(v, at+".tcp", s.TCP)
	address(v, at+".tls_address", s.TLSAddress)
	identity(v, at, s.TLSAddress, s.TLS)
	atLeast(v, at+".connections", int64(s.Connections), 1)
	atLeast(v, at+".buffer", int64(s.Buffer), 4096)
	notNegative(v, at+".idle", s.Idle)
	notNegative(v, at+".finish", s.Finish)
}

func (h HTTP) validate(v *verdict, at string) {
	if len(h.Formats) == 0 {
		v.add(at+".formats", "is empty; list at least one of ndjson, suricata, webhook")
	}
	for i, f := range h.Formats {
		oneOf(v, fmt.Sprintf("%s.formats[%d]", at, i), f, flow.FormatJSON, flow.FormatSuricata, flow.FormatWebhook)
	}
	webhook := slices.Contains(h.Formats, flow.FormatWebhook)
	if webhook && len(h.Mappings) == 0 {
		v.add(at+".mappings", "is empty; format webhook needs the name of at least one mapping")
	}
	if !webhook && len(h.Mappings) > 0 {
		v.add(at+".mappings", "is used by format webhook only; add webhook to formats, or remove mappings")
	}
}

func (t Topics) validate(v *verdict, at string, b Broker) {
	if b.TCP == "" && b.TLSAddress == "" {
		v.add("mqtt", "listens nowhere, but there is a source of kind mqtt; set sources.mqtt.tcp or sources.mqtt.tls_address")
	}
	if len(t.Users) == 0 && !t.Anonymous {
		v.add(at+".users", "is empty; name at least one user, or set anonymous: true here and in sources.mqtt")
	}
	if t.Anonymous && !b.Anonymous {
		v.add(at+".anonymous", "needs sources.mqtt.anonymous: true as well")
	}
	for i, u := range t.Users {
		u.validate(v, fmt.Sprintf("%s.users[%d]", at, i))
	}
	if len(t.Topics) == 0 {
		v.add(at+".topics", "is empty; list at least one, as in {filter: frigate/events, format: frigate}")
	}
	for i, topic := range t.Topics {
		topic.validate(v, fmt.Sprintf("%s.topics[%d]", at, i))
	}
	for i, f := range t.Ignore {
		filter(v, fmt.Sprintf("%s.ignore[%d]", at, i), f)
	}
}

func (u User) validate(v *verdict, at string) {
	if u.Name == "" {
		v.add(at+".name", "is empty")
	}
	if _, err := ParseSecret(u.Password); err != nil {
		v.add(at+".password", "%v", err)
	}
}

func (t Topic) validate(v *verdict, at string) {
	filter(v, at+".filter", t.Filter)
	oneOf(v, at+".format", t.Format, flow.FormatFrigate, flow.FormatSensor, flow.FormatJSON, flow.FormatSuricata, flow.FormatWebhook)
	mapped := t.Format == flow.FormatSensor || t.Format == flow.FormatWebhook
	if mapped && t.Mapping == "" {
		v.add(at+".mapping", "is empty; format %s needs a mapping, as beia or plain for sensors", t.Format)
	}
	if !mapped && t.Mapping != "" {
		v.add(at+".mapping", "is used by formats sensor and webhook only")
	}
}

func (f Files) validate(v *verdict, at string) {
	if len(f.Paths) == 0 {
		v.add(at+".paths", "is empty; list at least one file or glob")
	}
	for i, p := range f.Paths {
		if _, err := filepath.Match(p, ""); err != nil || p == "" {
			v.add(fmt.Sprintf("%s.paths[%d]", at, i), "%q is no path and no glob", p)
		}
	}
	oneOf(v, at+".format", f.Format, flow.FormatSuricata, flow.FormatJSON, flow.FormatSyslog)
	if f.Start != "" {
		oneOf(v, at+".start", f.Start, StartBeginning, StartEnd)
	}
	notNegative(v, at+".poll", f.Poll)
	notNegative(v, at+".linger", f.Linger)
}

func notNegative(v *verdict, key string, d time.Duration) {
	if d < 0 {
		v.add(key, "%s is negative; want a time span like 30s", d)
	}
}

func address(v *verdict, key, addr string) {
	if addr == "" {
		return
	}
	if _, err := net.ResolveTCPAddr("tcp", addr); err != nil {
		v.add(key, "%q is no address to listen on; want host:port or :port", addr)
	}
}

func identity(v *verdict, at, addr string, t TLS) {
	switch {
	case addr != "" && (t.Cert == "" || t.Key == ""):
		v.add(at+".tls", "tls_address needs tls.cert and tls.key, the PEM files of a certificate and its private key")
	case addr == "" && t != (TLS{}):
		v.add(at+".tls", "is used with tls_address only; set it, or remove tls")
	}
}

// filter checks a topic filter (MQTT 5 section 4.7.1).
func filter(v *verdict, key, f string) {
	levels := strings.Split(f, "/")
	for i, level := range levels {
		whole := level == "+" || level == "#" && i == len(levels)-1
		if f == "" || strings.ContainsAny(level, "+#") && !whole {
			v.add(key, "%q is no topic filter; + stands for one whole level, # for all the rest", f)
			return
		}
	}
	if strings.HasPrefix(f, "$") || levels[0] == ExerciseTopic {
		v.add(key, "%q cannot be used; topics under $ and under %s/ have a meaning of their own", f, ExerciseTopic)
	}
}

// ExerciseTopic is the first level of topics whose messages belong to an
// exercise: exercise/<id>/<the topic itself>.
const ExerciseTopic = "exercise"

func oneOf[T ~string](v *verdict, key string, got T, want ...T) {
	if slices.Contains(want, got) {
		return
	}
	words := make([]string, len(want))
	for i, w := range want {
		words[i] = string(w)
	}
	v.add(key, "%q is unknown; want %s", got, strings.Join(words, ", "))
}
