package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"warder/internal/exchange"
	"warder/internal/flow"
	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/store"
	"warder/internal/store/storetest"
)

// bench is a line over a real log and a real database.
type bench struct {
	*Line
	log    *exchange.Embedded
	store  *store.Store
	alerts exchange.Topic[flow.Alert]
	now    time.Time
}

func open(t *testing.T) *bench {
	t.Helper()
	b := &bench{now: time.Date(2026, 11, 29, 10, 0, 0, 0, time.UTC)}
	var err error
	if b.log, err = exchange.OpenEmbedded(exchange.Options{Dir: t.TempDir(), Now: func() time.Time { return b.now }}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.log.Close() })
	b.store = storetest.Open(t, storetest.SQLite(t))
	b.alerts = exchange.NewTopic(b.log, "alert", exchange.JSON[flow.Alert]())
	b.Line = New(Options{
		Log: b.log, Order: []string{"raw", "alert"}, Views: map[string]View{"alert": ViewOf(b.alerts)}, Disk: b.log.Disk,
		Workers: map[string][]Worker{"alert": {{"correlate", func(context.Context) (uint64, error) { return 1, nil }}}},
		Space:   b.store.Space("pipeline"), Now: func() time.Time { return b.now },
	})
	return b
}

// bury publishes an alert and sets it aside.
func (b *bench) bury(t *testing.T, rule string) exchange.DeadLetter {
	t.Helper()
	offset, err := b.alerts.Publish(t.Context(), "k", flow.Alert{ID: "al", Rule: rule})
	if err != nil {
		t.Fatal(err)
	}
	msgs, err := b.log.Read(t.Context(), "alert", offset-1, 1, 0)
	if err == nil {
		err = b.log.Bury(t.Context(), "alert", "correlate", msgs[0], "it does not fit")
	}
	if err != nil {
		t.Fatal(err)
	}
	list, err := b.log.Buried(t.Context(), "alert", 1)
	if err != nil {
		t.Fatal(err)
	}
	return list[0]
}

// call asks a route as it is asked over HTTP.
func call[O any](t *testing.T, b *bench, id string, fill func(in reflect.Value)) (*O, error) {
	t.Helper()
	for _, r := range b.Routes() {
		if r.ID != id {
			continue
		}
		in := reflect.New(r.In)
		if fill != nil {
			fill(in.Elem())
		}
		out, err := r.Call(module.WithCaller(t.Context(), module.Principal{ID: "u1", Name: "Ada"}), in.Interface())
		if got, ok := out.(*O); ok {
			return got, err
		}
		return nil, err
	}
	t.Fatalf("there is no route %s", id)
	return nil, nil
}

func at(d exchange.DeadLetter) func(reflect.Value) {
	return func(in reflect.Value) {
		in.FieldByName("Topic").SetString(d.Topic)
		in.FieldByName("ID").SetString(d.ID)
	}
}

// audited returns the detail of the only line about an action.
func (b *bench) audited(t *testing.T, action string) map[string]any {
	t.Helper()
	lines, _, err := b.store.AuditLog(t.Context(), store.AuditQuery{Action: action})
	if err != nil || len(lines) != 1 || lines[0].By != "u1" {
		t.Fatalf("audit of %s: %+v, %v", action, lines, err)
	}
	return lines[0].Detail
}

func TestLagAndAge(t *testing.T) {
	b := open(t)
	if err := b.sample(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 4 {
		if _, err := b.alerts.Publish(t.Context(), "", flow.Alert{}); err != nil {
			t.Fatal(err)
		}
		if err := b.sample(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.now = b.now.Add(10 * time.Second)
	}
	got, err := call[module.List[TopicHealth]](t, b, "list-topics", nil)
	if err != nil || len(got.Items) != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	alert := got.Items[0]
	if alert.Last != 4 || alert.Rate != 3.0/40 || len(alert.Consumers) != 1 {
		t.Errorf("the topic: %+v", alert)
	}
	if c := alert.Consumers[0]; c.Name != "correlate" || c.Lag != 3 || c.Age != 30 {
		t.Errorf("the consumer: %+v", c)
	}
}

// A clock that jumps back gives no rate, and no negative one.
func TestRateWhenTheClockJumps(t *testing.T) {
	m, now := newMeter(), time.Unix(1000, 0)
	m.note("a", now, 10)
	m.note("a", now.Add(-time.Hour), 20)
	if r := m.rate("a", now.Add(-time.Hour).Add(10*time.Second), 120); r != 10 {
		t.Errorf("after the jump: %v a second, want 10", r)
	}
	if r := m.rate("a", now.Add(-2*time.Hour), 120); r != 0 {
		t.Errorf("before the first sample: %v a second, want none", r)
	}
}

func TestMendedLetterIsSentAndItsOriginalAudited(t *testing.T) {
	b := open(t)
	d := b.bury(t, "wrong")
	full, err := call[Letter](t, b, "get-dead-letter", at(d))
	if err != nil || full.Text != "" || !strings.Contains(string(full.Shown), `"wrong"`) {
		t.Fatalf("%+v, %v", full, err)
	}
	mend := func(message string) error {
		_, err := call[module.None](t, b, "mend-dead-letter", func(in reflect.Value) {
			at(d)(in)
			in.FieldByName("Body").FieldByName("Message").SetBytes([]byte(message))
		})
		return err
	}
	for _, slip := range []string{`{"rool":"x"}`, `[]`, `{`} {
		if err := mend(slip); fault.KindOf(err) != fault.Invalid {
			t.Errorf("mended with %s: %v", slip, err)
		}
	}
	if err := mend(strings.Replace(string(full.Shown), "wrong", "right", 1)); err != nil {
		t.Fatal(err)
	}
	msgs, err := b.log.Read(t.Context(), "alert", 1, 10, 0)
	if err != nil || len(msgs) != 1 || !strings.Contains(string(msgs[0].Body), `"right"`) || msgs[0].Key != "k" {
		t.Errorf("published: %+v, %v", msgs, err)
	}
	if detail := b.audited(t, "dead-letter.mend"); detail["original"] == nil || detail["mended"] == nil {
		t.Errorf("the audit: %v", detail)
	}
	if _, err := call[Letter](t, b, "get-dead-letter", at(d)); fault.KindOf(err) != fault.NotFound {
		t.Errorf("after that: %v", err)
	}
}

func TestDiscardNeedsAReason(t *testing.T) {
	b := open(t)
	d := b.bury(t, "x")
	discard := func(why string) error {
		_, err := call[module.None](t, b, "discard-dead-letter", func(in reflect.Value) {
			at(d)(in)
			in.FieldByName("Body").FieldByName("Why").SetString(why)
		})
		return err
	}
	if err := discard("   "); fault.KindOf(err) != fault.Invalid {
		t.Errorf("without a reason: %v", err)
	}
	if err := discard("a test"); err != nil {
		t.Fatal(err)
	}
	if detail := b.audited(t, "dead-letter.discard"); detail["why"] != "a test" || detail["original"] == nil {
		t.Errorf("the audit: %v", detail)
	}
	if left, err := b.log.Buried(t.Context(), "alert", 1); err != nil || len(left) != 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

func TestReplayAll(t *testing.T) {
	b := open(t)
	for _, rule := range []string{"a", "b", "c"} {
		b.bury(t, rule)
	}
	listed, err := call[module.List[Letter]](t, b, "list-dead-letters", func(in reflect.Value) { in.FieldByName("Topic").SetString("alert") })
	if err != nil || len(listed.Items) != 3 || listed.Items[0].Size == 0 {
		t.Fatalf("%+v, %v", listed, err)
	}
	got, err := call[Replayed](t, b, "replay-dead-letters", func(in reflect.Value) { in.FieldByName("Topic").SetString("alert") })
	if err != nil || got.Replayed != 3 || got.Left != 0 {
		t.Fatalf("%+v, %v", got, err)
	}
	if last, err := b.log.Last(t.Context(), "alert"); err != nil || last != 6 {
		t.Errorf("the topic ends at %d, %v", last, err)
	}
}

// What cannot be read is shown as far as it can be.
func TestUnreadableLetter(t *testing.T) {
	b := open(t)
	if err := b.log.Bury(t.Context(), "alert", "correlate", exchange.Message{Offset: 1, Body: []byte("no \xff JSON")}, "decode"); err != nil {
		t.Fatal(err)
	}
	list, err := b.log.Buried(t.Context(), "alert", 1)
	if err != nil {
		t.Fatal(err)
	}
	full, err := call[Letter](t, b, "get-dead-letter", at(list[0]))
	if err != nil || full.Shown != nil || full.Text != `"no \xff JSON"` || full.Problem == "" {
		t.Errorf("%+v, %v", full, err)
	}
}

// Raw records are shown as text where they are, and come back as they were.
func TestRawRecordsComeBack(t *testing.T) {
	topic := exchange.NewTopic[flow.RawBatch](nil, "raw", exchange.CBOR[flow.RawBatch]())
	view := ViewOfRaw(topic)
	want := flow.RawBatch{Records: []flow.Raw{
		{Source: "s", Received: time.Unix(5, 0).UTC(), Peer: "p", Data: []byte("<1>text")}, {Source: "s", Received: time.Unix(5, 0).UTC(), Data: []byte{0xff, 0}},
	}}
	body, err := topic.Codec().Encode(want)
	if err != nil {
		t.Fatal(err)
	}
	shown, err := view.Show(body)
	if err != nil || !strings.Contains(string(shown), "<1>text") && !strings.Contains(string(shown), `\u003c1\u003etext`) {
		t.Fatalf("%s, %v", shown, err)
	}
	back, err := view.Read(shown)
	if err != nil {
		t.Fatal(err)
	}
	var got flow.RawBatch
	if err := topic.Codec().Decode(back, &got); err != nil {
		t.Fatal(err)
	}
	for i := range got.Records {
		got.Records[i].Received = got.Records[i].Received.UTC()
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if strings.Contains(string(shown), `"Data"`) {
		t.Errorf("a field is shown that nothing reads: %s", shown)
	}
	for _, key := range []string{"Data", "data"} {
		_, err := view.Read(json.RawMessage(`{"records": [{"Source": "s", "` + key + `": "PDE+dGV4dA=="}]}`))
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("what stands in %s: %v, want a refusal", key, err)
		}
	}
	var syntax *json.SyntaxError
	if _, err := view.Show([]byte("{")); err == nil || errors.As(err, &syntax) {
		t.Errorf("what is no batch: %v", err)
	}
}

func TestPartsCountAsOne(t *testing.T) {
	old := time.Unix(1, 0)
	got := folded([]TopicHealth{
		{Topic: "raw", Last: 1},
		{Topic: "hit.00", Last: 2, Dead: 1, Rate: 1, Consumers: []ConsumerHealth{{Name: "count", Lag: 1}}},
		{Topic: "hit.01", Last: 3, Rate: 2, Consumers: []ConsumerHealth{{Name: "count", Lag: 2, Age: 9, Oldest: &old}}},
		{Topic: "alert", Last: 4},
	})
	want := []TopicHealth{
		{Topic: "raw", Last: 1},
		{Topic: "hit", Last: 5, Dead: 1, Rate: 3, Consumers: []ConsumerHealth{{Name: "count", Lag: 3, Age: 9, Oldest: &old}}},
		{Topic: "alert", Last: 4},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
}
