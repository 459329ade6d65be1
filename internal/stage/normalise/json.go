package normalise

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/valyala/fastjson"

	"warder/internal/kit/jsonerror"
)

var errNotObject = errors.New("read JSON: want an object")

// readObject reads one JSON object into maps, slices, strings, float64, bool and
// nil. Text that is no valid UTF-8 is repaired.
func (n *Normaliser) readObject(data []byte) (map[string]any, error) {
	p := n.json.Get()
	defer n.json.Put(p)
	v, err := p.ParseBytes(data)
	if err != nil {
		return nil, fmt.Errorf("read JSON: %s", jsonerror.Brief(err))
	}
	if v.Type() != fastjson.TypeObject {
		return nil, errNotObject
	}
	return v2map(v.GetObject()), nil
}

func v2map(o *fastjson.Object) map[string]any {
	m := make(map[string]any, o.Len())
	o.Visit(func(key []byte, v *fastjson.Value) { m[text(key)] = v2any(v) })
	return m
}

func v2any(v *fastjson.Value) any {
	switch v.Type() {
	case fastjson.TypeObject:
		return v2map(v.GetObject())
	case fastjson.TypeArray:
		items := v.GetArray()
		list := make([]any, len(items))
		for i, item := range items {
			list[i] = v2any(item)
		}
		return list
	case fastjson.TypeString:
		return text(v.GetStringBytes())
	case fastjson.TypeNumber:
		n := v.GetFloat64()
		if math.IsNaN(n) || math.IsInf(n, 0) {
			return v.String() // no JSON number: it could not be written again
		}
		return n
	case fastjson.TypeTrue:
		return true
	case fastjson.TypeFalse:
		return false
	}
	return nil
}

func text(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	return strings.ToValidUTF8(string(b), "\uFFFD")
}

// str gives a scalar as text; objects and lists give nothing.
func str(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

// obj gives the object below a key, or an empty one.
func obj(m map[string]any, key string) map[string]any {
	o, _ := m[key].(map[string]any)
	return o
}

// first gives the first of several keys that holds a scalar.
func first(m map[string]any, keys ...string) string {
	for _, k := range keys {
		if s := str(m[k]); s != "" {
			return s
		}
	}
	return ""
}

// walk follows a dotted path; a number is an index into a list. A key that holds
// dots itself is found by its whole name first.
func walk(v any, path string) (any, bool) {
	for path != "" {
		if m, ok := v.(map[string]any); ok {
			if hit, ok := m[path]; ok {
				return hit, true
			}
		}
		head, rest, _ := strings.Cut(path, ".")
		switch at := v.(type) {
		case map[string]any:
			next, ok := at[head]
			if !ok {
				return nil, false
			}
			v = next
		case []any:
			i, err := strconv.Atoi(head)
			if err != nil || i < 0 || i >= len(at) {
				return nil, false
			}
			v = at[i]
		default:
			return nil, false
		}
		path = rest
	}
	return v, true
}
