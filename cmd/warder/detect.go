package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"warder/internal/app/inspect"
	"warder/internal/flow"
	"warder/internal/hospital"
	"warder/internal/stage/source/recorded"
)

// ruleChoice says which rules a command works with.
type ruleChoice struct {
	Rules     []string `help:"Folders or files of Sigma rules, beside those that Warder ships; repeatable." placeholder:"DIR" sep:"none"`
	NoBuiltin bool     `help:"Without the rules that Warder ships." name:"no-builtin"`
}

// load loads the rules and says on standard error what could not be loaded. That
// a path gives nothing at all is wrong: what nobody looked for is not found.
func (c ruleChoice) load() (*inspect.Rules, error) {
	if c.NoBuiltin && len(c.Rules) == 0 {
		return nil, misuse{errors.New("--no-builtin leaves no rules; name some with --rules")}
	}
	rules, err := inspect.LoadRules(inspect.RulesOptions{Builtin: !c.NoBuiltin, Paths: c.Rules})
	if err != nil {
		return nil, misuse{err}
	}
	if useless := rules.Useless(); len(useless) > 0 {
		return nil, misuse{fmt.Errorf("a path of --rules gives no rule: %s", useless[0])}
	}
	if rules.Loaded() == 0 {
		return nil, misuse{errors.New("there are no rules in " + strings.Join(c.Rules, ", "))}
	}
	tellFailed(rules)
	return rules, nil
}

// tellFailed says that rules are missing in what follows.
func tellFailed(rules *inspect.Rules) {
	if failed := rules.Failed(); len(failed) > 0 {
		fmt.Fprintf(os.Stderr, "warder: %d of %d rules could not be loaded, the first in %s: %s\n         See all: warder rules check\n",
			len(failed), len(rules.All), failed[0].File, failed[0].Error)
	}
}

// logChoice says which recorded logs a command reads, and how.
type logChoice struct {
	Format   string `help:"How the files are written; auto looks at each." enum:"auto,json,evtx,eve,zeek,syslog" default:"auto"`
	Hospital string `help:"Folder or zip of a hospital model, whose assets are then named." placeholder:"DIR"`
	Jobs     int    `help:"How many records are worked at at a time; 0 for as many as there are processors." default:"0"`
}

func (c logChoice) logs(paths []string) (inspect.Logs, error) {
	logs := inspect.Logs{
		Files: recorded.Files(paths), Jobs: processors(c.Jobs),
		Options: recorded.Options{Format: recorded.Format(c.Format), Now: time.Now, Stdin: os.Stdin},
	}
	if c.Hospital != "" {
		model, err := readModel(c.Hospital, false)
		if err != nil {
			return logs, err
		}
		snapshot, problems := hospital.Build(model)
		if len(problems) > 0 {
			return logs, misuse{errors.New(problems[0].String())}
		}
		logs.Hospital = hospital.NewHolder(snapshot)
	}
	logs.Progress = progressBar(time.Now)
	return logs, nil
}

type detectFiles struct {
	ruleChoice
	logChoice
	Level   string   `help:"Leave findings below this level out." enum:"info,informational,low,medium,high,critical" default:"info"`
	Output  string   `help:"table sums up by rule; ndjson has a line for each finding; sarif is SARIF 2.1.0." enum:"table,ndjson,sarif" default:"table" short:"o"`
	Records bool     `help:"With ndjson: put the record into its finding."`
	Files   []string `arg:"" help:"Logs, packed or not (gzip, Zstandard), folders of them, or - for standard input." name:"file"`
}

// Help is what --help says beside the options.
func (d *detectFiles) Help() string {
	return `Reads recorded logs and says which rules they meet: JSON (one object a line, arrays, objects over many lines), event logs of Windows
(EVTX), Suricata's EVE, Zeek (JSON and tab-separated), syslog. No server is needed and nothing is written.

Exit codes: 0 nothing was found, 3 something was found, 1 it could not be done, 2 the command line is wrong, or a path of
--rules gives no rule that can be loaded. Where some of its rules can be loaded the others are named and passed over. Records that
cannot be read are counted in the closing line and end nothing. A file that is not there, or of which no record can be read, is named
there too; the others are read and their findings told, and the exit code is 1 whatever was found. So it is with a file of no known kind
that was named itself; one that lies in a folder is named there and passed over.`
}

func (d *detectFiles) Run(ctx context.Context) error {
	rules, err := d.load()
	if err != nil {
		return err
	}
	logs, err := d.logs(d.Files)
	if err != nil {
		return err
	}
	level := flow.Severity(d.Level)
	if d.Level == "informational" { // as rules spell it
		level = flow.SeverityInfo
	}
	out := newOutput(d.Output, os.Stdout)
	hunt := &inspect.Hunt{Logs: logs, Rules: rules, Level: level, Records: d.Records, Found: out.add}
	began := time.Now()
	summary, err := hunt.Run(ctx)
	endProgress()
	if err != nil {
		return err
	}
	if err := out.close(summary); err != nil {
		return err
	}
	tellProblems(summary)
	fmt.Fprintln(out.prose(), summary.Sentence(len(logs.Files), time.Since(began)))
	if err := unread(summary); err != nil {
		return err
	}
	if summary.Findings > 0 {
		return somethingFound{}
	}
	return nil
}

// unread is the error of files of which nothing could be read: that nothing was
// found in them says nothing. So is a folder without any log.
func unread(s *inspect.Summary) error {
	switch {
	case len(s.Unread) == 0 && s.Records == 0 && len(s.NoLogs) > 0:
		return errors.New("there is no log in what was named")
	case len(s.Unread) == 0:
		return nil
	}
	return errors.New(s.UnreadSentence())
}

// tellProblems lists the first records that could not be read, and before them
// the files of which nothing could.
func tellProblems(s *inspect.Summary) {
	const most = 5
	list := slices.Clone(s.Unread)
	for _, p := range s.Problems {
		if !slices.Contains(s.Unread, p) {
			list = append(list, p)
		}
	}
	list = list[:min(len(list), most)]
	for _, p := range list {
		fmt.Fprintf(os.Stderr, "%s: cannot be read: %s\n", p.Place, p.Reason)
	}
	if more := s.Unreadable - len(list); more > 0 {
		fmt.Fprintf(os.Stderr, "… and %d more\n", more)
	}
}

// output writes findings in one of the forms.
type output struct {
	form  string
	w     io.Writer
	lines *json.Encoder
	sarif *inspect.SARIF
}

func newOutput(form string, w io.Writer) *output {
	o := &output{form: form, w: w, lines: json.NewEncoder(w)}
	o.lines.SetEscapeHTML(false)
	if form == "sarif" {
		o.sarif = inspect.NewSARIF(w, version)
	}
	return o
}

func (o *output) add(f *inspect.Finding) error {
	switch o.form {
	case "ndjson":
		return o.lines.Encode(f)
	case "sarif":
		return o.sarif.Add(f)
	}
	return nil
}

func (o *output) close(s *inspect.Summary) error {
	switch o.form {
	case "sarif":
		return o.sarif.Close(s)
	case "table":
		return s.WriteTable(o.w)
	}
	return nil
}

// prose is where sentences go: not between records for machines.
func (o *output) prose() io.Writer {
	if o.form == "table" {
		return o.w
	}
	return os.Stderr
}
