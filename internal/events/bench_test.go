package events_test

import (
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"warder/internal/events"
	"warder/internal/events/eventstest"
	"warder/internal/flow"
)

// stream makes events as a hospital's sources send them, always the same: badges,
// sensors, flows and logons with their raw lines, spread over seven days.
func stream(from, to int) []flow.Event {
	const perDay = 1_000_000 / 7
	out := make([]flow.Event, 0, to-from)
	for n := from; n < to; n++ {
		r := rand.New(rand.NewPCG(7, uint64(n)))
		at := eventstest.Epoch().Add(time.Duration(n) * 24 * time.Hour / perDay).Add(time.Duration(r.IntN(1e6)) * time.Microsecond)
		e := flow.Event{
			ID: flow.RecordID{Writer: "w7f3a", Seq: uint64(n / 500), Index: uint32(n % 500)}.String(), Time: at,
			Received: at.Add(time.Duration(r.IntN(50)) * time.Millisecond), Site: "a-site-a",
			Assets: []flow.AssetRef{{ID: fmt.Sprintf("a-asset-%d", r.IntN(2000)), Role: flow.RoleTarget, By: flow.ByHostname, Value: "x"}},
		}
		kinds[n%len(kinds)](&e, r)
		out = append(out, e)
	}
	return out
}

var kinds = [...]func(*flow.Event, *rand.Rand){
	func(e *flow.Event, r *rand.Rand) {
		e.Source, e.Format, e.Category, e.Action = "access", flow.FormatSyslog, flow.CategoryAccess, "badge.granted"
		door, badge := fmt.Sprintf("D-%03d", r.IntN(400)), fmt.Sprintf("B%04d", r.IntN(3000))
		e.Attributes = map[string]string{flow.AttrDoor: door, flow.AttrReader: "R" + door[1:], flow.AttrBadge: badge,
			flow.AttrPerson: fmt.Sprintf("p.%04d", r.IntN(3000)), flow.AttrOutcome: "success"}
		e.Raw = fmt.Appendf(nil, `<86>1 %s acs-1 acs 811 - [access@32473 event="badge.granted" door="%s" reader="R%s" badge="%s"]`,
			e.Time.Format(time.RFC3339Nano), door, door[1:], badge)
		e.Original = map[string]any{"access@32473": map[string]any{"event": "badge.granted", "door": door, "badge": badge}}
	},
	func(e *flow.Event, r *rand.Rand) {
		e.Source, e.Format, e.Category, e.Action = "mqtt", flow.FormatSensor, flow.CategorySensor, "sensor.reading"
		value := fmt.Sprintf("%.1f", 2+r.Float64()*6)
		e.Attributes = map[string]string{flow.AttrSensor: fmt.Sprintf("sens-%d", r.IntN(300)), flow.AttrQuantity: "temperature",
			flow.AttrValue: value, flow.AttrUnit: "Cel", flow.AttrSensorState: "normal"}
		e.Raw = fmt.Appendf(nil, `{"sensor":"%s","quantity":"temperature","value":%s,"unit":"Cel","time":"%s"}`, e.Attributes[flow.AttrSensor], value, e.Time.Format(time.RFC3339Nano))
		e.Original = map[string]any{"sensor": e.Attributes[flow.AttrSensor], "quantity": "temperature", "unit": "Cel"}
	},
	func(e *flow.Event, r *rand.Rand) {
		e.Source, e.Format, e.Category, e.Action = "suricata", flow.FormatSuricata, flow.CategoryNetwork, "flow"
		src, dst, port := fmt.Sprintf("10.20.%d.%d", r.IntN(40), r.IntN(250)), fmt.Sprintf("10.20.1.%d", r.IntN(60)), fmt.Sprint(1024+r.IntN(60000))
		e.Attributes = map[string]string{flow.AttrSourceIP: src, flow.AttrDestIP: dst, flow.AttrSourcePort: port, flow.AttrDestPort: "445", flow.AttrProtocol: "tcp"}
		id := r.Int64()
		e.Raw = fmt.Appendf(nil, `{"timestamp":"%s","flow_id":%d,"in_iface":"eth0","event_type":"flow","src_ip":"%s","src_port":%s,"dest_ip":"%s","dest_port":445,"proto":"TCP","flow":{"pkts_toserver":%d,"pkts_toclient":%d,"bytes_toserver":%d,"bytes_toclient":%d,"state":"closed"}}`,
			e.Time.Format(time.RFC3339Nano), id, src, port, dst, r.IntN(100), r.IntN(100), r.IntN(1e6), r.IntN(1e6))
		e.Original = map[string]any{"event_type": "flow", "flow_id": float64(id), "in_iface": "eth0", "flow": map[string]any{"state": "closed", "pkts_toserver": float64(r.IntN(100))}}
	},
	func(e *flow.Event, r *rand.Rand) {
		e.Source, e.Format, e.Category, e.Action = "servers", flow.FormatJSON, flow.CategoryAuthentication, "logon.success"
		user, host := fmt.Sprintf("user%04d", r.IntN(2500)), fmt.Sprintf("srv-%02d", r.IntN(80))
		e.Attributes = map[string]string{flow.AttrUser: user, flow.AttrHost: host, flow.AttrSourceIP: fmt.Sprintf("10.20.%d.%d", r.IntN(40), r.IntN(250)),
			flow.AttrOutcome: "success", flow.AttrMessage: "An account was successfully logged on."}
		guid := fmt.Sprintf("{%08x-%04x}", r.Uint32(), r.IntN(65536))
		e.Original = map[string]any{"Channel": "Security", "EventID": 4624.0, "Computer": host, "TargetUserName": user, "LogonType": 3.0, "LogonGuid": guid}
		e.Raw = fmt.Appendf(nil, `{"Channel":"Security","EventID":4624,"Computer":"%s","TargetUserName":"%s","LogonType":3,"LogonGuid":"%s","IpAddress":"%s","Message":"An account was successfully logged on."}`,
			host, user, guid, e.Attributes[flow.AttrSourceIP])
	},
}

// BenchmarkAppend measures the way of an event into a durable segment.
func BenchmarkAppend(b *testing.B) {
	const size = 500
	batches := make([][]flow.Event, 100)
	for i := range batches {
		batches[i] = stream(i*size, (i+1)*size)
	}
	dir := b.TempDir()
	s := open(b, benchOptions(dir))
	b.ResetTimer()
	count, raw := 0, 0
	for i := range b.N {
		evs := batches[i%len(batches)]
		for n := range evs {
			evs[n].ID = flow.RecordID{Writer: "w7f3a", Seq: uint64(i + 1), Index: uint32(n)}.String()
			raw += len(evs[n].Raw)
		}
		if err := s.Append(b.Context(), uint64(i+1), evs); err != nil {
			b.Fatal(err)
		}
		count += len(evs)
	}
	if err := s.Flush(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.StopTimer()
	b.ReportMetric(float64(count)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64(bytesIn(b, dir))/float64(count), "bytes/event")
	b.ReportMetric(float64(raw)/float64(count), "raw-bytes/event")
}

func benchOptions(dir string) events.Options {
	return events.Options{Dir: dir, Log: slog.New(slog.DiscardHandler)}
}

func bytesIn(b *testing.B, dir string) (total int64) {
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		total += info.Size()
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return total
}

// BenchmarkSearch measures questions to 200,000 events in segments.
func BenchmarkSearch(b *testing.B) {
	const total = 200_000
	s := open(b, benchOptions(b.TempDir()))
	for n := 0; n < total; n += 500 {
		if err := s.Append(b.Context(), uint64(n/500+1), stream(n, n+500)); err != nil {
			b.Fatal(err)
		}
	}
	if err := s.Flush(b.Context()); err != nil {
		b.Fatal(err)
	}
	middle := stream(total/2, total/2+1)[0].Time
	window := func(text string, d time.Duration) events.Query {
		return events.Query{Text: text, From: middle, To: middle.Add(d)}
	}
	for _, c := range []struct {
		name string
		q    events.Query
	}{
		{"newest", events.Query{}},
		{"window", window("host.name:srv-07 action:logon.success", 10*time.Minute)},
		{"exact", events.Query{Text: "actor.user:user0042"}},
		{"exact-absent", events.Query{Text: "actor.user:nobody"}},
		{"original", events.Query{Text: "LogonGuid:{0*"}},
		{"substring", events.Query{Text: "b1042"}},
		{"substring-absent", events.Query{Text: "mimikatz"}},
		{"numbers", events.Query{Text: "sensor.value:>7.9"}},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Search(b.Context(), c.q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("histogram", func(b *testing.B) {
		q := events.Query{From: eventstest.Epoch(), To: eventstest.Epoch().Add(7 * 24 * time.Hour)}
		for b.Loop() {
			if _, err := s.Histogram(b.Context(), q, 60); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("get", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.Get(b.Context(), "w7f3a.200.17"); err != nil {
				b.Fatal(err)
			}
		}
	})
}
