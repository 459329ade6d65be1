package syslog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"warder/internal/stage/source/sourcetest"
)

func frames(t *testing.T, in io.Reader, limit int) ([]Frame, error) {
	t.Helper()
	r := NewReader(in, limit, nil)
	var out []Frame
	for {
		f, err := r.Next()
		if len(f.Data) > 0 {
			out = append(out, f)
		}
		if err != nil {
			return out, err
		}
	}
}

func TestFraming(t *testing.T) {
	whole := func(msgs ...string) (out []Frame) {
		for _, m := range msgs {
			out = append(out, Frame{Data: []byte(m)})
		}
		return out
	}
	tests := []struct {
		name, in string
		limit    int
		want     []Frame
		end      error
	}{
		{"lines", "<34>one\n<34>two\r\n<34>three", 100, whole("<34>one", "<34>two", "<34>three"), io.EOF},
		{"NUL ends a line too", "<34>one\x00<34>two\x00", 100, whole("<34>one", "<34>two"), io.EOF},
		{"counted", "7 <34>one12 <34>li\nes  \t", 100, whole("<34>one", "<34>li\nes  \t"), io.EOF},
		{"mixed on one connection", "7 <34>one<34>two\n9 <34>three", 100, whole("<34>one", "<34>two", "<34>three"), io.EOF},
		{"a terminator after a count", "7 <34>one\n7 <34>two\r\n", 100, whole("<34>one", "<34>two"), io.EOF},
		{"a number that is no count", "30 users\n2026-11-22 text\n", 100, whole("30 users", "2026-11-22 text"), io.EOF},
		{"a count without priority, once counting is known", "7 <34>one3 abc", 100, whole("<34>one", "abc"), io.EOF},
		{"only digits", "123", 100, whole("123"), io.EOF},
		{"empty lines", "\n\n\r\n", 100, nil, io.EOF},
		{"a line too long", "<34>abcdefghij\n<34>x\n", 8, []Frame{{Data: []byte("<34>abcd"), Truncated: 6}, {Data: []byte("<34>x")}}, io.EOF},
		{"a count too long", "14 <34>abcdefghij5 <34>x", 8, []Frame{{Data: []byte("<34>abcd"), Truncated: 6}, {Data: []byte("<34>x")}}, io.EOF},
		{"a count that is not kept", "20 <34>one", 100, []Frame{{Data: []byte("<34>one"), Refused: "the connection ended after 7 of 20 bytes"}}, io.ErrUnexpectedEOF},
		{"framing lost", "7 <34>one99999999 <34>two", 100,
			[]Frame{{Data: []byte("<34>one")}, {Data: []byte("99999999 <34>two"), Refused: errFraming.Error()}}, errFraming},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for name, in := range map[string]io.Reader{
				"at once": strings.NewReader(tt.in), "in halves": iotest.HalfReader(strings.NewReader(tt.in)),
			} {
				got, err := frames(t, in, tt.limit)
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", name, diff)
				}
				if !errors.Is(err, tt.end) {
					t.Errorf("%s: ended with %v, want %v", name, err, tt.end)
				}
			}
		})
	}
}

// Whatever messages are sent, in whatever framing and pieces, the same come out.
func TestFramingKeepsMessages(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		msgs := rapid.SliceOf(rapid.StringMatching(`<[0-9]{1,3}>[a-z0-9 <>]{0,40}`)).Draw(t, "messages")
		var in bytes.Buffer
		for _, m := range msgs {
			if rapid.Bool().Draw(t, "counted") {
				fmt.Fprintf(&in, "%d %s", len(m), m)
			} else {
				in.WriteString(m + "\n")
			}
		}
		r := NewReader(iotest.OneByteReader(&in), 1000, nil)
		for i, want := range msgs {
			f, err := r.Next()
			if err != nil || string(f.Data) != want || f.Refused != "" {
				t.Fatalf("message %d: got %q, %q, %v, want %q", i, f.Data, f.Refused, err, want)
			}
		}
		if f, err := r.Next(); !errors.Is(err, io.EOF) {
			t.Fatalf("after the last: %q, %v", f.Data, err)
		}
	})
}

// foreignMessages are other projects' examples; none when they are not there.
func foreignMessages() (out []string) {
	dir, ok := sourcetest.SharedData("it/syslog")
	if !ok {
		return nil
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		var cases []struct{ Input string }
		if json.Unmarshal(b, &cases) != nil {
			out = append(out, strings.Split(strings.TrimSpace(string(b)), "\n")...)
		}
		for _, c := range cases {
			out = append(out, c.Input)
		}
	}
	return out
}

func FuzzFraming(f *testing.F) {
	for _, s := range []string{"<34>one\n", "7 <34>one", "999999999 <1>x", "0 <34>", "12", "\x00\r\n", "5 <1>ab\n<2>c"} {
		f.Add([]byte(s))
	}
	foreign := foreignMessages()
	for _, msg := range foreign {
		f.Add([]byte(msg + "\n"))
		f.Add(fmt.Appendf(nil, "%d %s", len(msg), msg))
	}
	f.Add([]byte(strings.Join(foreign, "\n")))
	const limit = 64
	f.Fuzz(func(t *testing.T, in []byte) {
		r := NewReader(bytes.NewReader(in), limit, nil)
		total := 0
		for {
			fr, err := r.Next()
			if len(fr.Data) > limit || fr.Truncated < 0 {
				t.Fatalf("a frame of %d bytes, %d cut", len(fr.Data), fr.Truncated)
			}
			if total += len(fr.Data) + fr.Truncated; total > len(in) {
				t.Fatalf("%d bytes came out of %d", total, len(in))
			}
			if err != nil {
				return
			}
			if len(fr.Data) == 0 {
				t.Fatal("an empty frame without an error")
			}
		}
	})
}

func TestExerciseID(t *testing.T) {
	tests := []struct{ in, want string }{
		{`<134>1 2026-11-22T08:00:00Z h app - ID47 [exercise@32473 id="ex-1"] text`, "ex-1"},
		{`<134>1 2026-11-22T08:00:00Z h app - ID47 [fire@32473 event="a\"]b"][exercise@32473 run="1" id="ex-1"]`, "ex-1"},
		{`<134>1 2026-11-22T08:00:00Z h app - - - [exercise@32473 id="ex-1"]`, ""},
		{`<134>1 2026-11-22T08:00:00Z h app - - [fire@32473 text="[exercise@32473 id="] [exercise@32473 id="ex-1"]`, ""},
		{`<134>Nov 22 08:00:00 h app: [exercise@32473 id="ex-1"]`, ""},
		{`<191>1 - - - - - [exercise@32473 id="a\"b"]`, ""},
		{`<`, ""}, {``, ""}, {`<1>1 `, ""}, {`<134>1 - - - - - [exercise@32473 id=`, ""},
	}
	for _, tt := range tests {
		if got := exerciseID([]byte(tt.in)); got != tt.want {
			t.Errorf("exerciseID(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func FuzzExerciseID(f *testing.F) {
	f.Add([]byte(`<134>1 - - - - - [exercise@32473 id="ex-1"] text`))
	f.Add([]byte(`<134>1 - - - - - [a b="\]"][exercise@32473 x="" id="ex-1"]`))
	for _, msg := range foreignMessages() {
		f.Add([]byte(msg))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		if id := exerciseID(in); id != "" && !bytes.Contains(in, []byte("exercise@32473")) {
			t.Fatalf("%q came from nowhere", id)
		}
	})
}
