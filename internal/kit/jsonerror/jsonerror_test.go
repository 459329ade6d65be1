package jsonerror_test

import (
	"strings"
	"testing"

	"github.com/valyala/fastjson"

	"warder/internal/kit/jsonerror"
)

func TestBrief(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`[{"a":Nov}]`, `cannot parse number: unexpected char: "N"`},
		{strings.Repeat("[", 100_000), "too big depth for the nested JSON; it exceeds 300"},
		{strings.Repeat(`{"a":[`, 100_000), "too big depth for the nested JSON; it exceeds 300"},
		{`{"a":[1,`, "cannot parse empty string"},
	} {
		_, err := fastjson.Parse(c.text)
		if err == nil {
			t.Fatalf("%.20s is JSON", c.text)
		}
		if got := jsonerror.Brief(err); got != c.want {
			t.Errorf("%.20s: got %s, want %s", c.text, got, c.want)
		}
	}
}
