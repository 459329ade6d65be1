package measure

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"warder/internal/api"
	"warder/internal/app"
	"warder/internal/hospital"
)

// process is a Warder of its own: the real binary in a throw-away folder with
// the reference hospital, listening on free ports of this machine.
type process struct {
	dir      string
	cmd      *exec.Cmd
	url      string
	syslog   string
	mqtt     string
	sender   string // tokens
	viewer   string
	profile  string // a file for a profile of its CPU time; empty for none
	hospital *hospital.Model
}

const configuration = `name: measured
data: data
http: {listen: %q}
log: {level: error}
rules: {folders: %s}
sources:
  mqtt: {tcp: %q, anonymous: true}
  list:
    - {id: panels, kind: syslog, syslog: {tcp: %q}}
    - {id: systems, kind: http, http: {formats: [ndjson, suricata]}}
    - {id: sensors, kind: mqtt, mqtt: {anonymous: true, topics: [{filter: sensors/+, format: sensor, mapping: beia}]}}
`

// prepare makes the folder, the hospital and the tokens, with rules of a folder
// or an archive beside our own unless it is empty; it starts nothing.
func prepare(ctx context.Context, rules string) (p *process, err error) {
	p = &process{}
	if p.dir, err = os.MkdirTemp("", "warder-bench-"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(p.dir))
		}
	}()
	if err := p.configure(ctx, rules); err != nil {
		return nil, err
	}
	cfg, err := app.LoadConfig(p.config())
	if err != nil {
		return nil, err
	}
	if p.hospital, err = app.Reference(); err != nil {
		return nil, err
	}
	if _, err := app.ImportModel(ctx, cfg, p.hospital); err != nil {
		return nil, err
	}
	people, done, err := app.OpenPeople(ctx, cfg)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, done()) }()
	for role, into := range map[string]*string{api.RoleSender: &p.sender, api.RoleViewer: &p.viewer} {
		t, err := people.MakeToken(ctx, "bench", role, time.Hour)
		if err != nil {
			return nil, err
		}
		*into = t.Secret
	}
	return p, nil
}

// configure writes the configuration, with addresses that are free just now.
func (p *process) configure(ctx context.Context, rules string) error {
	var web string
	for _, into := range []*string{&web, &p.syslog, &p.mqtt} {
		var err error
		if *into, err = freeAddress(ctx); err != nil {
			return err
		}
	}
	p.url = "http://" + web
	folders := "[]"
	if rules != "" {
		from, err := ruleFiles(rules)
		if err != nil {
			return fmt.Errorf("read rules: %w", err)
		}
		if err := os.CopyFS(filepath.Join(p.dir, "rules"), from); err != nil {
			return fmt.Errorf("unpack rules: %w", err)
		}
		folders = "[rules]"
	}
	return os.WriteFile(p.config(), fmt.Appendf(nil, configuration, web, folders, p.mqtt, p.syslog), 0o600)
}

func (p *process) config() string { return filepath.Join(p.dir, "warder.yaml") }

// freeAddress finds a port that nobody listens on just now.
func freeAddress(ctx context.Context) (string, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	return l.Addr().String(), l.Close()
}

// startTime is how long a start may take at most.
const startTime = time.Minute

// start starts the binary and returns after how long it was ready.
func (p *process) start(ctx context.Context) (time.Duration, error) {
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	began := time.Now()
	args := []string{"serve", "--config", p.config()}
	if p.profile != "" {
		args = append(args, "--cpu-profile", p.profile)
	}
	p.cmd = exec.CommandContext(ctx, self, args...)
	p.cmd.Stderr = os.Stderr
	if err := p.cmd.Start(); err != nil {
		return 0, fmt.Errorf("start %s: %w", self, err)
	}
	for time.Since(began) < startTime {
		res, err := http.Get(p.url + "/readyz")
		if err == nil {
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return time.Since(began), nil
			}
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(2 * time.Millisecond):
		}
	}
	return 0, fmt.Errorf("warder was not ready after %v", startTime)
}

// memory is the process's resident memory in MB.
func (p *process) memory() (float64, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	return float64(field(string(data), "VmRSS:")) / 1024, err
}

// stop asks the process to end and removes its folder.
func (p *process) stop() error {
	var errs []error
	if p.cmd != nil && p.cmd.Process != nil {
		errs = append(errs, p.cmd.Process.Signal(syscall.SIGTERM), p.cmd.Wait())
	}
	return errors.Join(append(errs, os.RemoveAll(p.dir))...)
}

// changes follows the live stream until ctx ends, and hands every event to fn.
func (p *process) changes(ctx context.Context, fn func(name, data string)) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+api.Prefix+"/stream", nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+p.viewer)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("follow the live stream: %s", res.Status)
	}
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(make([]byte, 64<<10), 16<<20)
	var name, data string
	for lines.Scan() {
		switch key, value, _ := strings.Cut(lines.Text(), ": "); key {
		case "event":
			name = value
		case "data":
			data = value
		case "":
			if name != "" {
				fn(name, data)
			}
			name, data = "", ""
		}
	}
	if ctx.Err() != nil {
		return nil
	}
	return lines.Err()
}
