// Package index finds which of very many patterns a text meets, in one pass over
// the text, whatever their number. It knows nothing of rules: a pattern is a
// text, a kind (the whole text, a part of it, its beginning, its end) and a
// number, and what is found is a set of numbers.
//
// Case is not regarded, by Unicode simple folding (Fold). ASCII letters are
// folded as they are read, without a copy; a text with other letters has to be
// folded by the caller first (Ready does the one or the other).
//
// Cost of one text of n bytes: whole texts are found by one hash of it;
// beginnings and ends by a walk that stops where no pattern goes on; parts by an
// Aho-Corasick automaton (A. V. Aho, M. J. Corasick, "Efficient string matching:
// an aid to bibliographic search", CACM 18(6), 1975) as a dense table, one step
// a byte. Nothing is allocated.
//
// An Index never changes and may be used by many goroutines; a Found belongs to
// one.
package index
