package measure

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"warder/internal/api"
)

// What the senders send: everything is made before the clock starts.
const (
	ingestEvents  = 100_000 // different Windows events, and syslog lines
	eventsInBody  = 500     // of an HTTP request
	linesInWrite  = 200
	httpSenders   = 4
	syslogSenders = 4
)

// newLoads makes what is sent, and says in words what that is.
func newLoads(in IngestInput) (loads []load, input string, err error) {
	events, said, err := ingestedEvents(in)
	if err != nil {
		return nil, "", err
	}
	rules := "our own rules"
	if in.Rules != "" {
		rules += " and those of " + in.Rules
	}
	lines := syslogLines(ingestEvents)
	bodies, chunks := packed(events, eventsInBody), packed(lines, linesInWrite)
	input = fmt.Sprintf("the reference hospital; %s; HTTP: %s, %d bytes each; syslog: made-up lines, %d bytes each; MQTT: %d clients, sensor readings",
		rules, said, mean(events), mean(lines), mqttClients)
	return []load{
		{"http_ndjson", func(ctx context.Context, p *process, limit *pace) (int64, error) {
			return p.sendHTTP(ctx, bodies, limit)
		}},
		{"syslog_tcp", func(ctx context.Context, p *process, limit *pace) (int64, error) {
			return p.sendSyslog(ctx, chunks, limit)
		}},
		{"mqtt", func(ctx context.Context, p *process, limit *pace) (int64, error) { return p.sendMQTT(ctx, limit) }},
	}, input, nil
}

// ordinaryPerMatch is how many made-up events come to one that meets a rule. Of
// those that are made up to measure matching, every eighth meets one: as a day's
// traffic that would be a million alerts an hour, and measure what joins them.
const ordinaryPerMatch = 1000

// ingestedEvents are the events for HTTP, and what they are in words.
func ingestedEvents(in IngestInput) (events [][]byte, said string, err error) {
	if in.Events != "" {
		if events, err = eventLines(in.Events); err != nil {
			return nil, "", fmt.Errorf("read events: %w", err)
		}
		return events, fmt.Sprintf("%d events of %s", len(events), in.Events), nil
	}
	m, err := newDetection(DetectInput{Rules: in.Rules})
	if err != nil {
		return nil, "", err
	}
	engine, err := m.compile()
	if err != nil {
		return nil, "", err
	}
	scanner, matched := engine.NewScanner(), 0
	for _, line := range windowsEvents(ingestEvents) {
		rules, err := scanner.Scan(line)
		if err != nil {
			return nil, "", err
		}
		if len(rules) > 0 {
			if matched*ordinaryPerMatch > len(events) {
				continue
			}
			matched++
		}
		events = append(events, line)
	}
	return events, fmt.Sprintf("%d made-up Windows events over seven days, of which %d meet a rule", len(events), matched), nil
}

// parcel is some records as one body or one write.
type parcel struct {
	bytes   []byte
	records int
}

// packed joins lines, some to a parcel.
func packed(lines [][]byte, each int) []parcel {
	var out []parcel
	for len(lines) > 0 {
		n := min(each, len(lines))
		out = append(out, parcel{append(bytes.Join(lines[:n], []byte{'\n'}), '\n'), n})
		lines = lines[n:]
	}
	return out
}

func mean(lines [][]byte) int {
	sum := 0
	for _, l := range lines {
		sum += len(l)
	}
	return sum / max(len(lines), 1)
}

// senders runs some at once, each from its own place in what is sent, and adds up.
func senders(ctx context.Context, n int, send func(ctx context.Context, sender int) (int64, error)) (int64, error) {
	g, ctx := errgroup.WithContext(ctx)
	counts := make([]int64, n)
	for i := range n {
		g.Go(func() (err error) {
			counts[i], err = send(ctx, i)
			return err
		})
	}
	err := g.Wait()
	var sum int64
	for _, c := range counts {
		sum += c
	}
	return sum, err
}

func (p *process) sendHTTP(ctx context.Context, bodies []parcel, limit *pace) (int64, error) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: httpSenders}}
	defer client.CloseIdleConnections()
	return senders(ctx, httpSenders, func(ctx context.Context, sender int) (n int64, err error) {
		for i := sender; ; i += httpSenders {
			body := bodies[i%len(bodies)]
			if !limit.next(ctx, body.records) {
				return n, nil
			}
			// A request that has begun is finished: what became of it must be known.
			if err := p.ingest(context.WithoutCancel(ctx), client, "ndjson", body.bytes); err != nil {
				return n, err
			}
			n += int64(body.records)
		}
	})
}

// ingest posts a body, again when it is asked to wait, until it was accepted.
func (p *process) ingest(ctx context.Context, client *http.Client, format string, body []byte) error {
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url+api.Prefix+"/ingest/"+format, bytes.NewReader(body))
		if err != nil {
			return err
		}
		req.Header.Set("Authorization", "Bearer "+p.sender)
		req.Header.Set("Content-Type", "application/x-ndjson")
		res, err := client.Do(req)
		if err != nil {
			return err
		}
		answer, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		switch {
		case err != nil:
			return err
		case res.StatusCode == http.StatusAccepted:
			return nil
		case res.StatusCode != http.StatusTooManyRequests:
			return fmt.Errorf("the ingest route answered %s: %.300s", res.Status, answer)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second): // as Retry-After asks
		}
	}
}

func (p *process) sendSyslog(ctx context.Context, chunks []parcel, limit *pace) (int64, error) {
	return senders(ctx, syslogSenders, func(ctx context.Context, sender int) (n int64, err error) {
		conn, err := net.Dial("tcp", p.syslog)
		if err != nil {
			return 0, err
		}
		defer conn.Close()
		for i := sender; ; i += syslogSenders {
			chunk := chunks[i%len(chunks)]
			if !limit.next(ctx, chunk.records) {
				return n, nil
			}
			if _, err := conn.Write(chunk.bytes); err != nil {
				return n, err
			}
			n += int64(chunk.records)
		}
	})
}

// syslogLines makes lines up, always the same: logons, firewalls, web servers.
func syslogLines(n int) [][]byte {
	rnd := rand.New(rand.NewPCG(20261122, 2)) //nolint:gosec // it has to be the same every time
	start := time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)
	lines := make([][]byte, n)
	for i := range lines {
		at := start.Add(time.Duration(i) * 7 * 24 * time.Hour / time.Duration(n))
		lines[i] = []byte(fillSyslog(syslogTemplates()[rnd.IntN(len(syslogTemplates()))], rnd, at))
	}
	return lines
}

func fillSyslog(template string, rnd *rand.Rand, at time.Time) string {
	// A hospital of 1,000 beds has some thousand addresses.
	ip := func() string { return fmt.Sprintf("10.20.%d.%d", rnd.IntN(16), 1+rnd.IntN(254)) }
	return strings.NewReplacer(
		"@time", at.Format("2006-01-02T15:04:05.000000Z"), "@day", at.Format("2006-01-02"), "@clock", at.Format("15:04:05"),
		"@host", fmt.Sprintf("srv-%03d", rnd.IntN(400)), "@user", fmt.Sprintf("nurse%d", rnd.IntN(900)), "@ip1", ip(), "@ip2", ip(),
		"@port", fmt.Sprint(1024+rnd.IntN(60000)), "@pid", fmt.Sprint(1+rnd.IntN(30000)), "@number", fmt.Sprint(rnd.IntN(9_000_000)),
		"@hash", fmt.Sprintf("%016x%016x", rnd.Uint64(), rnd.Uint64()),
	).Replace(template)
}

func syslogTemplates() []string {
	return []string{
		`<86>1 @time @host sshd @pid - - Accepted publickey for @user from @ip1 port @port ssh2: RSA SHA256:@hash@hash; session @number opened in the slice of the user, the terminal pts/3 was given and the last logon of this account was from @ip2 port @port two days ago`,
		`<38>1 @time @host sshd @pid - - Failed password for @user from @ip1 port @port ssh2; the address @ip2 of the gateway was asked first, the method keyboard-interactive was offered and refused, @number attempts were counted by this server since its start, connection id @hash`,
		`<189>date=@day time=@clock devname="fw-core" devid="FG100F@number" logid="0000000013" type="traffic" subtype="forward" level="notice" vd="root" srcip=@ip1 srcport=@port srcintf="wards" dstip=@ip2 dstport=443 dstintf="servers" proto=6 action="accept" policyid=12 service="HTTPS" sentbyte=@number rcvdbyte=@number`,
		`<134>1 @time @host nginx @pid - - @ip1 - @user [16/Nov/2026:10:11:12 +0000] "GET /portal/patients/@number/results?view=summary&session=@hash HTTP/1.1" 200 @number "https://portal.hospital.example/patients/@number" "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"`,
		`<30>1 @time @host dhcpd @pid - - DHCPACK on @ip1 to 02:00:5e:10:20:30 (@host) via eth0 relay @ip2 lease-duration 86400 (RENEW) uid 01:02:00:5e:10:20:30 transaction @hash; the pool wards-a has @number leases since its start and the one before was given back in good order by the client`,
		`<78>1 @time @host CRON @pid - - (root) CMD (/usr/local/sbin/replicate --from @ip1 --to @ip2 --job @number --digest @hash --keep 14 --log /var/log/replicate/@number.log --quiet --retry 3 --window 3600 --limit 50M >/dev/null 2>&1 || logger -p daemon.err replicate of @host did not end well)`,
	}
}
