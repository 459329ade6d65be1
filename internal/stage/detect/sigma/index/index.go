package index

// Kind is which part of a text a pattern is compared with.
type Kind uint8

// The kinds of patterns.
const (
	Equals   Kind = iota // the whole text
	Contains             // any part of it
	Prefix               // its beginning
	Suffix               // its end
)

// Builder gathers patterns.
type Builder struct{ byKind [Suffix + 1][]pattern }

type pattern struct {
	text   string // folded
	number int32
}

// Add gathers a pattern. Its number is given by Found when a text meets it; several
// patterns may have the same.
func (b *Builder) Add(kind Kind, text string, number int32) {
	b.byKind[kind] = append(b.byKind[kind], pattern{Fold(text), number})
}

// Index finds the patterns of a Builder.
type Index struct {
	always []int32 // empty parts, beginnings and ends: every text has them
	whole  *whole
	front  *trie
	back   *trie
	parts  *automaton
}

// Build returns the index of the patterns gathered.
func (b *Builder) Build() *Index {
	ix := &Index{}
	for _, kind := range [...]Kind{Contains, Prefix, Suffix} {
		b.byKind[kind] = ix.splitEmpty(b.byKind[kind])
	}
	ix.whole = newWhole(b.byKind[Equals])
	ix.front = newTrie(b.byKind[Prefix], false)
	ix.back = newTrie(b.byKind[Suffix], true)
	ix.parts = newAutomaton(b.byKind[Contains])
	return ix
}

func (ix *Index) splitEmpty(patterns []pattern) []pattern {
	var rest []pattern
	for _, p := range patterns {
		if p.text == "" {
			ix.always = append(ix.always, p.number)
		} else {
			rest = append(rest, p)
		}
	}
	return rest
}

// Ends adds to found what the text as a whole, its beginning and its end meet.
// The text is ASCII or folded.
func (ix *Index) Ends(s string, found *Found) {
	for _, n := range ix.always {
		found.Add(n)
	}
	if ix.whole != nil {
		ix.whole.find(s, found)
	}
	if ix.front != nil {
		ix.front.forward(s, found)
	}
	if ix.back != nil {
		ix.back.backward(s, found)
	}
}

// Parts adds to found the patterns that are part of the text, but for empty ones
// (Ends gives those). The text is ASCII or folded.
func (ix *Index) Parts(s string, found *Found) {
	if ix.parts != nil {
		ix.parts.scan(s, found)
	}
}

// Size is the memory of the tables in bytes.
func (ix *Index) Size() int {
	n := 4 * len(ix.always)
	if ix.whole != nil {
		n += ix.whole.size()
	}
	if ix.front != nil {
		n += ix.front.size()
	}
	if ix.back != nil {
		n += ix.back.size()
	}
	if ix.parts != nil {
		n += ix.parts.size()
	}
	return n
}
