package app

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"time"

	"github.com/go-viper/mapstructure/v2"
	"github.com/knadh/koanf/v2"
)

// decoding says how the file's values become the configuration's.
func decoding(into *Config, seen *mapstructure.Metadata) koanf.UnmarshalConf {
	return koanf.UnmarshalConf{DecoderConfig: &mapstructure.DecoderConfig{
		Result: into, TagName: "koanf", Metadata: seen,
		DecodeHook: mapstructure.ComposeDecodeHookFunc(readDuration, wholeNumber, mapstructure.TextUnmarshallerHookFunc()),
	}}
}

// readDuration turns text into durations, with a better word than the library's
// for what is none. A bare number would be nanoseconds, which nobody means; 0
// needs no unit.
func readDuration(_, to reflect.Type, value any) (any, error) {
	if to != reflect.TypeFor[time.Duration]() {
		return value, nil
	}
	switch v := value.(type) {
	case string:
		d, err := time.ParseDuration(v)
		if err != nil {
			return nil, fmt.Errorf("%q is no duration; 90s, 10m or 2h would be", v)
		}
		return d, nil
	case int, int64, uint64, float64:
		if fmt.Sprint(v) != "0" {
			return nil, fmt.Errorf("%v is no duration; %vs, 10m or 2h would be", v, v)
		}
	}
	return value, nil
}

// wholeNumber refuses the fraction that the library would cut off.
func wholeNumber(_, to reflect.Type, value any) (any, error) {
	f, ok := value.(float64)
	if ok && to.Kind() >= reflect.Int && to.Kind() <= reflect.Uint64 && f != math.Trunc(f) {
		return nil, fmt.Errorf("%v is no whole number; %.0f would be", f, math.Trunc(f))
	}
	return value, nil
}

// misread says of each value that could not be read what its key takes.
func misread(err error) []error {
	var errs []error
	for _, err := range lines("", err) {
		var at *mapstructure.DecodeError
		if !errors.As(err, &at) {
			errs = append(errs, err)
			continue
		}
		for inner := at; errors.As(inner.Unwrap(), &inner); { // the innermost knows the whole key
			at = inner
		}
		errs = append(errs, fmt.Errorf("%s: %w", at.Name(), misfit(at)))
	}
	return errs
}

// misfit puts the library's complaint about one value in plain words.
func misfit(at *mapstructure.DecodeError) error {
	t := typeOf(plain(at.Name()))
	var wrong *mapstructure.UnconvertibleTypeError
	if !errors.As(at, &wrong) {
		if t != nil && (t.Kind() == reflect.Struct || t.Kind() == reflect.Slice) {
			return fmt.Errorf("something else than it takes is there; it takes %s", wanted(t))
		}
		return at.Unwrap()
	}
	found := reflect.TypeOf(wrong.Value)
	switch {
	case t == nil:
		t = wrong.Expected.Type()
	case t.Kind() == reflect.Slice && strings.HasSuffix(at.Name(), "]"):
		t = t.Elem()
	}
	switch found.Kind() {
	case reflect.Map:
		return fmt.Errorf("keys are nested below it; it takes %s", wanted(t))
	case reflect.Slice:
		return fmt.Errorf("a list is there; it takes %s", wanted(t))
	}
	if t.Kind() == reflect.String {
		return fmt.Errorf("%v is no text; \"%v\", in quotes, would be", wrong.Value, wrong.Value)
	}
	return fmt.Errorf("%v does not fit; it takes %s", wrong.Value, wanted(t))
}

// wanted names what a key of a type takes.
func wanted(t reflect.Type) string {
	switch {
	case t == reflect.TypeFor[time.Duration]():
		return "a duration, like 90s or 10m"
	case t.Kind() == reflect.String:
		return "text"
	case t.Kind() == reflect.Bool:
		return "true or false"
	case t.Kind() >= reflect.Int && t.Kind() <= reflect.Uint64:
		return "a whole number"
	case t.Kind() == reflect.Float32, t.Kind() == reflect.Float64:
		return "a number"
	case t.Kind() == reflect.Slice:
		return "a list"
	}
	return "keys of its own, nested below it"
}

// typeOf is the type behind a dotted key, nil for none.
func typeOf(key string) reflect.Type {
	t := reflect.TypeFor[Config]()
	for name := range strings.SplitSeq(key, ".") {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct {
			return nil
		}
		found := false
		for i := range t.NumField() {
			if tag, _, _ := strings.Cut(t.Field(i).Tag.Get("koanf"), ","); tag == name {
				t, found = t.Field(i).Type, true
				break
			}
		}
		if !found {
			return nil
		}
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

// lines takes joined errors apart, at every depth, and gives each what stood
// before all of them, so that it can be read alone.
func lines(before string, err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []error
		for _, e := range joined.Unwrap() {
			all = append(all, lines(before, e)...)
		}
		return all
	}
	if err == nil {
		return nil
	}
	if inner := errors.Unwrap(err); inner != nil && strings.Contains(inner.Error(), "\n") {
		if head, ok := strings.CutSuffix(err.Error(), inner.Error()); ok {
			return lines(before+head, inner)
		}
	}
	if before == "" {
		return []error{err}
	}
	return []error{fmt.Errorf("%s%w", before, err)}
}
