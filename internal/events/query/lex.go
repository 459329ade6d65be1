package query

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// kind is what a token is.
type kind int

const (
	end kind = iota
	open
	shut
	minus
	and
	or
	not
	field  // a name and its colon
	word   // bare text, perhaps with stars
	quoted // text between quotes
	regex  // text between slashes
)

type token struct {
	kind kind
	text string
	at   int // byte where it begins
}

// lexer cuts a query into tokens; inside says that the next token is a field's
// value, where a colon or a minus is text.
type lexer struct {
	in     string
	at     int
	inside bool
}

func (l *lexer) next() (token, error) {
	value := l.inside
	l.inside = false
	if !value {
		l.at += len(l.in[l.at:]) - len(strings.TrimLeftFunc(l.in[l.at:], unicode.IsSpace))
	}
	begin := l.at
	if l.at == len(l.in) {
		return token{end, "", begin}, nil
	}
	switch c := l.in[l.at]; {
	case c == '"':
		return l.quoted(value)
	case c == '/' && isRegex(l.in[l.at:]):
		return l.regex()
	case value:
	case c == '(':
		l.at++
		return token{open, "(", begin}, nil
	case c == ')':
		l.at++
		return token{shut, ")", begin}, nil
	case c == '-' && l.at+1 < len(l.in) && !isSpace(l.in[l.at+1:]):
		l.at++
		return token{minus, "-", begin}, nil
	}
	return l.word(value)
}

func isSpace(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsSpace(r)
}

// quoted reads text between quotes; \" and \\ stand for themselves, any other
// backslash is a backslash.
func (l *lexer) quoted(value bool) (token, error) {
	begin := l.at
	var b strings.Builder
	for l.at++; l.at < len(l.in); l.at++ {
		switch c := l.in[l.at]; {
		case c == '"':
			l.at++
			if !value && l.at < len(l.in) && l.in[l.at] == ':' {
				l.at++
				l.inside = true
				return token{field, b.String(), begin}, nil
			}
			return token{quoted, b.String(), begin}, nil
		case c == '\\' && l.at+1 < len(l.in) && (l.in[l.at+1] == '"' || l.in[l.at+1] == '\\'):
			l.at++
			b.WriteByte(l.in[l.at])
		default:
			b.WriteByte(c)
		}
	}
	return token{}, wrong(begin, "the quote that begins here does not end")
}

// isRegex tells a regular expression from a path: its second slash ends a word,
// so /etc/passwd is a path and /pass.*d/ is not.
func isRegex(s string) bool {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '/':
			rest := s[i+1:]
			return rest == "" || strings.ContainsRune(`()"`, rune(rest[0])) || isSpace(rest)
		}
	}
	return false
}

// regex reads text between slashes; \/ is a slash, everything else belongs to
// the expression.
func (l *lexer) regex() (token, error) {
	begin := l.at
	var b strings.Builder
	for l.at++; l.at < len(l.in); l.at++ {
		switch c := l.in[l.at]; {
		case c == '/':
			l.at++
			return token{regex, b.String(), begin}, nil
		case c == '\\' && l.at+1 < len(l.in):
			l.at++
			if l.in[l.at] != '/' {
				b.WriteByte('\\')
			}
			b.WriteByte(l.in[l.at])
		default:
			b.WriteByte(c)
		}
	}
	return token{}, wrong(begin, "the regular expression that begins here does not end with /") // isRegex saw its end
}

// word reads bare text up to a space, a parenthesis or a quote, or a field name
// up to its colon. Escapes stay in it: the pattern needs them.
func (l *lexer) word(value bool) (token, error) {
	begin := l.at
	for l.at < len(l.in) {
		r, size := utf8.DecodeRuneInString(l.in[l.at:])
		switch {
		case unicode.IsSpace(r), r == '(', r == ')', r == '"':
			return l.bare(begin, value)
		case r == '\\' && l.at+1 < len(l.in) && escapable(l.in[l.at+1]):
			size = 2
		case r == ':' && !value && plainField(l.in[begin:l.at]):
			name := l.in[begin:l.at]
			l.at++
			l.inside = true
			return token{field, name, begin}, nil
		}
		l.at += size
	}
	return l.bare(begin, value)
}

func (l *lexer) bare(begin int, value bool) (token, error) {
	text := l.in[begin:l.at]
	if text == "" {
		return token{}, wrong(begin, "a value is missing after the colon")
	}
	if !value {
		switch text {
		case "AND":
			return token{and, text, begin}, nil
		case "OR":
			return token{or, text, begin}, nil
		case "NOT":
			return token{not, text, begin}, nil
		}
	}
	return token{word, text, begin}, nil
}

// escapable are the characters that a backslash takes the meaning from. Before
// any other a backslash is itself, so that C:\Windows needs no care.
func escapable(c byte) bool {
	switch c {
	case '*', '\\', '"', '(', ')', ' ', '/':
		return true
	}
	return false
}

// plainField tells whether a field name can be written without quotes.
func plainField(s string) bool {
	for i, r := range s {
		letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r == '_' || r == '@'
		if !letter && (i == 0 || !('0' <= r && r <= '9' || r == '.' || r == '-')) {
			return false
		}
	}
	return s != ""
}

// plainValue tells whether a text can be written bare and is read as itself.
func plainValue(s string, value bool) bool {
	for i, r := range s {
		switch {
		case unicode.IsSpace(r), strings.ContainsRune(`"()*\`, r), r == utf8.RuneError:
			return false
		case i == 0 && (r == '/' || r == '>' || r == '<' || r == '-'):
			return false
		case r == ':' && !value:
			return false
		}
	}
	_, ranged := readNumbers(s)
	return s != "" && !ranged && s != "AND" && s != "OR" && s != "NOT"
}

func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
