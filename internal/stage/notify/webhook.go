package notify

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"warder/internal/flow"
)

// Schema names the form of the body; another form gets another name.
const Schema = "warder.notice.v1"

// SignatureHeader carries "t=<unix seconds>,v1=<hex>", where the second is the
// HMAC-SHA256 (RFC 2104) of "<unix seconds>.<body>" under the webhook's secret.
const SignatureHeader = "Warder-Signature"

// secret is read at each delivery, so that it can be changed in place.
func (w *Webhook) secret() ([]byte, error) {
	if w.SecretFile == "" {
		return nil, errors.New("secret_file: is missing; name a file that holds at least 16 characters, by which the receiver knows Warder")
	}
	b, err := os.ReadFile(w.SecretFile)
	if err != nil {
		return nil, fmt.Errorf("secret_file: read the secret: %w", err)
	}
	if b = bytes.TrimSpace(b); len(b) < 16 {
		return nil, fmt.Errorf("secret_file: the secret in %s is shorter than 16 characters", w.SecretFile)
	}
	return b, nil
}

// Payload is the body of a delivery.
type Payload struct {
	Schema   string      `json:"schema"` // Schema
	Instance string      `json:"instance"`
	Sent     time.Time   `json:"sent"`
	Attempt  int         `json:"attempt"` // 1 for the first
	Notice   NoticeBody  `json:"notice"`
	Text     string      `json:"text,omitempty"` // the notice in the instance's language
	Incident IncidentRef `json:"incident"`
}

// NoticeBody is what a receiver gets of a notice.
type NoticeBody struct {
	ID       string        `json:"id"` // the same for every attempt
	Severity flow.Severity `json:"severity"`
	Made     time.Time     `json:"made"`
	Text     flow.Text     `json:"text"`
}

// IncidentRef points to the incident.
type IncidentRef struct {
	ID  string `json:"id"`
	URL string `json:"url,omitempty"`
}

// largestAnswer is how much of a receiver's answer is read.
const largestAnswer = 64 << 10

// errRefused says that the receiver will never take this notice.
var errRefused = errors.New("the receiver refuses this notice")

// post delivers a payload once.
func (w *Webhook) post(ctx context.Context, client *http.Client, p Payload) error {
	secret, err := w.secret()
	if err != nil {
		return err
	}
	body, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("write the notice: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("address the receiver: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Warder")
	req.Header.Set("Idempotency-Key", p.Notice.ID)
	req.Header.Set(SignatureHeader, Sign(secret, p.Sent, body))
	res, err := client.Do(req)
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err // without the address, which may hold a token
		}
		return fmt.Errorf("reach the receiver: %w", err)
	}
	defer res.Body.Close()
	answer, _ := io.ReadAll(io.LimitReader(res.Body, largestAnswer)) // only to say more
	return judge(res.StatusCode, answer)
}

func judge(status int, answer []byte) error {
	switch {
	case status/100 == 2:
		return nil
	case status/100 == 3:
		return fmt.Errorf("the receiver answers %d: redirects are not followed, correct the address", status)
	case status == http.StatusBadRequest, status == http.StatusRequestEntityTooLarge, status == http.StatusUnprocessableEntity:
		return fmt.Errorf("%w: %d %s", errRefused, status, excerpt(answer))
	}
	return fmt.Errorf("the receiver answers %d %s", status, excerpt(answer))
}

func excerpt(b []byte) string {
	const enough = 200
	return strings.ToValidUTF8(strings.Join(strings.Fields(string(b[:min(len(b), enough)])), " "), "?")
}

// Sign makes the signature header's value.
func Sign(secret []byte, at time.Time, body []byte) string {
	seconds := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(seconds + "."))
	mac.Write(body)
	return "t=" + seconds + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}

// newClient makes the client for deliveries: it verifies certificates, follows
// no redirect and gives up after the timeout.
func newClient(base http.RoundTripper, timeout time.Duration) *http.Client {
	return &http.Client{
		Transport: base, Timeout: timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
