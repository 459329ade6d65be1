package query

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"warder/internal/kit/fault"
)

// Error is why a query cannot be read, and where in it.
type Error struct {
	at  int // byte
	why string

	Line   int // from 1
	Column int // from 1, in characters
	Offset int // characters before it
	cause  *fault.Error
}

func (e *Error) Error() string { return e.cause.Sentence }

func (e *Error) Unwrap() error { return e.cause }

// Position tells where in the text the error is, as callers of the API are told.
func (e *Error) Position() (line, column, offset int, why string) {
	return e.Line, e.Column, e.Offset, e.why
}

func wrong(at int, format string, args ...any) error {
	return &Error{at: at, why: fmt.Sprintf(format, args...)}
}

// located finds the place of an error in the text.
func located(err error, text string) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	before := text[:min(e.at, len(text))]
	e.Offset = utf8.RuneCountInString(before)
	e.Line = 1 + strings.Count(before, "\n")
	e.Column = 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
	where := fmt.Sprintf("character %d", e.Column)
	if e.Line > 1 {
		where = fmt.Sprintf("line %d, %s", e.Line, where)
	}
	e.cause = &fault.Error{Kind: fault.Invalid, Sentence: fmt.Sprintf("the search cannot be read at %s: %s", where, e.why)}
	return e
}
