package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"warder/internal/api"
	"warder/internal/hospital"
)

// remote is a running Warder that a command speaks to.
type remote struct {
	Server    string `help:"Address of a running Warder: http://127.0.0.1:8480." placeholder:"URL"`
	TokenFile string `help:"File that holds a token for it." type:"existingfile"`
}

// patience is how long an answer may take, and how many bytes of it are read.
type patience struct {
	time  time.Duration
	bytes int64
}

func usual() patience { return patience{5 * time.Minute, 4 << 20} }

func (r remote) token() (string, error) {
	if r.TokenFile == "" {
		return "", misuse{fmt.Errorf("--server needs --token-file; make a token with: warder token create NAME --role admin")}
	}
	data, err := os.ReadFile(r.TokenFile)
	return strings.TrimSpace(string(data)), err
}

// importModel sends a model to the running Warder.
func (r remote) importModel(ctx context.Context, m *hospital.Model) error {
	var body bytes.Buffer
	if err := hospital.WriteZip(&body, m, hospital.YAML); err != nil {
		return err
	}
	if _, err := r.post(ctx, "/hospital/import", "application/zip", &body); err != nil {
		return err
	}
	fmt.Printf("imported %s: %d assets, %d dependencies\n", m.Name, len(m.Assets), len(m.Dependencies))
	return nil
}

// post sends something to the running Warder and returns its answer.
func (r remote) post(ctx context.Context, path, media string, body io.Reader) ([]byte, error) {
	return r.postWithin(ctx, path, media, body, usual())
}

func (r remote) postWithin(ctx context.Context, path, media string, body io.Reader, within patience) ([]byte, error) {
	return r.ask(ctx, http.MethodPost, path, media, body, within)
}

// get reads something from the running Warder.
func (r remote) get(ctx context.Context, path string) ([]byte, error) {
	return r.ask(ctx, http.MethodGet, path, "", http.NoBody, usual())
}

// download reads a file from the running Warder, however long that takes.
func (r remote) download(ctx context.Context, path string, to io.Writer) error {
	res, err := r.request(ctx, http.MethodGet, path, "", http.NoBody, 0)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode >= http.StatusBadRequest {
		answer, err := io.ReadAll(io.LimitReader(res.Body, usual().bytes))
		if err != nil {
			return err
		}
		return refusal(answer)
	}
	_, err = io.Copy(to, res.Body)
	return err
}

func (r remote) ask(ctx context.Context, method, path, media string, body io.Reader, within patience) ([]byte, error) {
	res, err := r.request(ctx, method, path, media, body, within.time)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, within.bytes))
	if err != nil {
		return nil, err
	}
	if res.StatusCode >= http.StatusBadRequest {
		return nil, refusal(answer)
	}
	return answer, nil
}

// request sends a request; the caller closes the answer's body.
func (r remote) request(ctx context.Context, method, path, media string, body io.Reader, within time.Duration) (*http.Response, error) {
	token, err := r.token()
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(r.Server, "/")+api.Prefix+path, body)
	if err != nil {
		return nil, misuse{err}
	}
	if media != "" {
		req.Header.Set("Content-Type", media)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	return (&http.Client{Timeout: within}).Do(req)
}

// refusal reads a problem document.
func refusal(body []byte) error {
	var p api.Problem
	if json.Unmarshal(body, &p) != nil || p.Detail == "" {
		return fmt.Errorf("the server answered: %s", body)
	}
	for _, d := range p.Errors {
		fmt.Println(d.Where+":", d.Message)
	}
	return fmt.Errorf("the server refused: %s", p.Detail)
}
