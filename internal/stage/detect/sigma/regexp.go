package sigma

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"
)

// Bounds of one expression: its length in bytes, and the size of its compiled
// program, against "(a{1000}){1000}" and its like.
const (
	longestRegexp  = 16 << 10
	largestProgram = 20_000
)

// compileRegexp compiles an expression. The specification names PCRE, of which
// it allows only what RE2 has too; what only PCRE has is refused by its name,
// as it could take time without end.
func compileRegexp(expr, flags string) (*regexp.Regexp, error) {
	if len(expr) > longestRegexp {
		return nil, fmt.Errorf("re: the expression has %d bytes; %d are possible", len(expr), longestRegexp)
	}
	if flags != "" {
		expr = "(?" + flags + ")" + expr
	}
	parsed, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil, refused(expr, err)
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil || len(program.Inst) > largestProgram {
		return nil, errors.New("re: the expression is too large once its repetitions are written out")
	}
	re, err := regexp.Compile(expr)
	if err != nil {
		return nil, refused(expr, err)
	}
	return re, nil
}

// refused says which construct is not supported, instead of how a parser of
// another language stumbled over it.
func refused(expr string, err error) error {
	var fault *syntax.Error
	if !errors.As(err, &fault) {
		return fmt.Errorf("re: %w", err)
	}
	if name, begins := construct(expr, fault); name != "" {
		return fmt.Errorf("re: %s, %s, is not supported", name, begins)
	}
	switch {
	case fault.Code == syntax.ErrInvalidRepeatSize && smallRepetition(fault.Expr):
		return fmt.Errorf("re: the repetition %s and those inside it make more than %d together", fault.Expr, mostRepeated)
	case fault.Code == syntax.ErrInvalidRepeatSize:
		return fmt.Errorf("re: the repetition %s is larger than %d", fault.Expr, mostRepeated)
	}
	return fmt.Errorf("re: %s: %q", fault.Code, fault.Expr)
}

// construct names what only PCRE has, and gives how it begins.
func construct(expr string, fault *syntax.Error) (name, begins string) {
	text := fault.Expr
	if text == "(?P" { // the parser does not say how it goes on
		for _, more := range []string{"=", ">", "&"} {
			if strings.Contains(expr, text+more) {
				text += more
				break
			}
		}
	}
	for _, c := range constructs() {
		if strings.HasPrefix(text, c.begins) {
			return c.name, c.begins
		}
	}
	switch code := fault.Code; {
	case code == syntax.ErrInvalidEscape && len(text) > 1 && text[1] >= '1' && text[1] <= '9':
		return "a back-reference", text
	case code == syntax.ErrInvalidEscape && len(text) > 1:
		return "the escape", text
	case code == syntax.ErrInvalidRepeatOp && strings.HasSuffix(text, "+"):
		return "a possessive repetition", text
	case code == syntax.ErrInvalidRepeatOp:
		return "a repetition of a repetition", text
	case code == syntax.ErrInvalidCharRange && (strings.HasPrefix(text, "[:") || strings.HasPrefix(text, `\p`) || strings.HasPrefix(text, `\P`)):
		return "a class of characters of that name", text
	case code == syntax.ErrInvalidPerlOp && len(text) > 2:
		return "the flag " + text[len(text)-1:], text
	}
	return "", ""
}

type pcre struct{ begins, name string }

func constructs() []pcre {
	return []pcre{
		{"(?=", "look-ahead"}, {"(?!", "negative look-ahead"}, {"(?<=", "look-behind"}, {"(?<!", "negative look-behind"},
		{"(?>", "an atomic group"}, {"(?#", "a comment"}, {"(?(", "a conditional group"}, {"(?R", "recursion"}, {"(?&", "recursion"},
		{"(?P>", "recursion"}, {"(?P&", "recursion"}, {"(?0", "recursion"}, {"(?1", "recursion"}, {"(?2", "recursion"}, {"(?3", "recursion"},
		{"(?-1", "recursion"}, {"(?+", "recursion"}, {"(?P=", "a back-reference by name"}, {"(?C", "a callout"},
		{"(?'", "a name in quotes (write (?P<name>)"}, {"(?|", "a branch reset"}, {"(*", "a control verb"},
		{`\K`, "a reset of the match"}, {`\G`, "the end of the last match"},
		{`\Z`, "the end before a line feed (write $ or \\z)"}, {`\R`, "any line break"}, {`\X`, "a grapheme"}, {`\N`, "any but a line feed (write [^\\n])"},
		{`\h`, "horizontal blanks (write [ \\t])"}, {`\H`, "no horizontal blanks"}, {`\k`, "a back-reference"}, {`\g`, "a back-reference"},
		{`\x`, "a character by its number in this form"}, {`\u`, "a character by its number in this form"},
		{`\o`, "a character by its number in this form"}, {`\c`, "a control character"}, {`\e`, "an escape character (write \\x1b)"},
	}
}

// mostRepeated is RE2's bound of a repetition, and of the product of nested ones.
const mostRepeated = 1000

// smallRepetition tells whether "{from,to}" is within the bound by itself.
func smallRepetition(s string) bool {
	from, to, _ := strings.Cut(strings.Trim(s, "{}"), ",")
	for _, bound := range []string{from, to} {
		if n, err := strconv.Atoi(bound); bound != "" && (err != nil || n > mostRepeated) {
			return false
		}
	}
	return true
}
