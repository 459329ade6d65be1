package sigma

import (
	"hash/maphash"

	"warder/internal/stage/detect"
)

// Scanner finds the rules that JSON records meet, without making events of them.
//
// A record is matched as the event would be whose Original is the record as
// encoding/json reads it, whose Format is ndjson, whose Category is other, and
// which has nothing else: no attributes, no assets, no action. So of equal keys
// the last counts, bytes that are no UTF-8 are U+FFFD, and numbers are float64.
// Records that are nested more than 300 deep or longer than 2 GiB are refused.
//
// A Scanner belongs to one goroutine. In the long run Scan allocates nothing.
type Scanner struct {
	scratch *scratch
	every   bool
	rules   []*detect.Rule
}

// NewScanner returns a scanner. The engine's rules are tried on records of their
// log sources.
func (e *Engine) NewScanner() *Scanner {
	s := newScratch(e)
	s.view = &view{names: make([]place, len(e.names.names)), keys: keySet{seed: maphash.MakeSeed()}}
	return &Scanner{scratch: s}
}

// NewUnroutedScanner returns a scanner that tries every rule on every record,
// whatever its log source: what rules cost where sources cannot be told apart.
func (e *Engine) NewUnroutedScanner() *Scanner {
	sc := e.NewScanner()
	sc.every = true
	return sc
}

// Scan lists the rules that a record meets, in the order of loading. The list is
// good until the next Scan, and so long the line must not change.
func (sc *Scanner) Scan(line []byte) ([]*detect.Rule, error) {
	s := sc.scratch
	s.begin(nil)
	defer s.end()
	if err := s.see(textOf(line)); err != nil {
		return nil, err
	}
	g := s.engine.every
	if !sc.every {
		g = s.engine.group(s)
	}
	s.match(g)
	sc.rules = sc.rules[:0]
	for _, r := range s.met {
		sc.rules = append(sc.rules, &s.engine.rules[r].rule)
	}
	return sc.rules, nil
}
