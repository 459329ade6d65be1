package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"warder/internal/api"
	"warder/internal/events/evidence"
	"warder/internal/flow"
	"warder/internal/module"
)

type evidenceCommands struct {
	Export evidenceExport `cmd:"" help:"Write a signed bundle of events, from a running Warder, into a file."`
	Verify evidenceVerify `cmd:"" help:"Check a bundle or a deletion record, without a server."`
}

type evidenceVerify struct {
	File string `arg:"" help:"The bundle, or the deletion record." type:"existingfile"`
	Key  string `help:"The key that must have signed it, as the console shows it under Storage." placeholder:"HEX"`
	JSON bool   `help:"Print what it says as JSON."`
}

func (c *evidenceVerify) Run() error {
	f, err := os.Open(c.File)
	if err != nil {
		return misuse{err}
	}
	defer f.Close()
	r, err := evidence.Verify(f, c.Key)
	var altered *evidence.AlteredError
	if errors.As(err, &altered) {
		fmt.Printf("%s is not what was signed:\n", c.File)
		for _, d := range altered.Differs {
			fmt.Println("-", d)
		}
		return fmt.Errorf("%s is refused", c.File)
	}
	if err != nil {
		return misuse{fmt.Errorf("check %s: %w", c.File, err)}
	}
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(r)
	}
	c.print(r)
	return nil
}

func (c *evidenceVerify) print(r evidence.Report) {
	fmt.Printf("%s is whole and as it was signed: %d events\n", c.File, r.Events)
	switch {
	case r.Custody != nil:
		o := r.Custody
		fmt.Printf("exported by %s at %s, from %s (Warder %s)\n", o.Name, o.At.Format(time.RFC3339), o.Instance, o.Version)
		if n := len(o.Missing); n > 0 {
			fmt.Printf("%d events that belong to it were not there any more: %s\n", n, strings.Join(o.Missing[:min(n, 5)], " "))
		}
		if o.Unreadable > 0 {
			fmt.Printf("%d damaged files could not be read when it was made\n", o.Unreadable)
		}
	case r.Deletion != nil:
		fmt.Printf("deletion record %d of %s, from %s (Warder %s)\n", r.Deletion.Number, r.Deletion.At.Format(time.RFC3339), r.Deletion.Instance, r.Deletion.Version)
	}
	fmt.Println("signed with", r.Key)
	if c.Key == "" {
		fmt.Println("compare this key with the one that the console shows under Storage, or name it with --key")
	}
}

type evidenceExport struct {
	remote
	Incident string `help:"The incident's number or id." placeholder:"N"`
	Query    string `help:"What to export, in the query language."`
	From     string `help:"At or after this time: 2026-11-29T08:00:00Z." placeholder:"TIME"`
	To       string `help:"Before this time." placeholder:"TIME"`
	Why      string `help:"For whom: it stands in the chain of custody."`
	Out      string `short:"o" required:"" help:"The file to write." type:"path"`
}

func (c *evidenceExport) Run(ctx context.Context) error {
	ask := evidence.Export{Query: c.Query, Why: c.Why}
	var err error
	for text, at := range map[string]*time.Time{c.From: &ask.From, c.To: &ask.To} {
		if text == "" {
			continue
		}
		if *at, err = time.Parse(time.RFC3339, text); err != nil {
			return misuse{fmt.Errorf("%q is no time; 2026-11-29T08:00:00Z would be", text)}
		}
	}
	if c.Server == "" {
		return misuse{errors.New("name the running Warder with --server, and a token with --token-file")}
	}
	if ask.Incident, err = c.incident(ctx); err != nil {
		return err
	}
	body, err := json.Marshal(ask)
	if err != nil {
		return err
	}
	if err := c.fetch(ctx, body); err != nil {
		return err
	}
	return (&evidenceVerify{File: c.Out}).Run()
}

// incident finds the id of the incident that people call by its number.
func (c *evidenceExport) incident(ctx context.Context) (string, error) {
	number, err := strconv.ParseInt(c.Incident, 10, 64)
	if err != nil {
		return c.Incident, nil // an id, or none
	}
	answer, err := c.get(ctx, "/incidents?status=all&limit=500&q="+url.QueryEscape(c.Incident))
	if err != nil {
		return "", err
	}
	var page module.List[flow.Incident]
	if err := json.Unmarshal(answer, &page); err != nil {
		return "", fmt.Errorf("read the list of incidents: %w", err)
	}
	for _, i := range page.Items {
		if i.Number == number {
			return i.ID, nil
		}
	}
	return "", misuse{fmt.Errorf("there is no incident %d", number)}
}

// longestFetch bounds an export, like the server does.
const longestFetch = 30 * time.Minute

// fetch writes the answer beside the file and gives it its name when it is whole.
func (c *evidenceExport) fetch(ctx context.Context, ask []byte) error {
	token, err := c.token()
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(c.Server, "/")+api.Prefix+"/evidence/exports", bytes.NewReader(ask))
	if err != nil {
		return misuse{err}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := (&http.Client{Timeout: longestFetch}).Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		answer, err := io.ReadAll(io.LimitReader(res.Body, usual().bytes))
		if err != nil {
			return err
		}
		return refusal(answer)
	}
	f, err := os.CreateTemp(filepath.Dir(c.Out), ".warder-evidence-*")
	if err != nil {
		return err
	}
	_, err = io.Copy(f, res.Body)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), c.Out)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", c.Out, err), os.Remove(f.Name()))
	}
	return nil
}
