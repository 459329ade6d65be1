// Package oracle is a literal interpreter of the Sigma rules specification 2.1:
// slow, small, and written to be compared with the text rather than to be used.
// Tests of package sigma hold the engine against it. It guarantees one thing,
// that it shares no code with the engine: it reads YAML by itself, and has its
// own conditions, modifiers, wildcards and encodings. Where the specification is
// silent it follows "What the specification leaves open" in
// docs/reference/rules.md.
//
// References of the form "Rules: X" are to sigma-rules-specification.md,
// "Modifiers: X" to sigma-appendix-modifiers.md, "Filters: X" to
// sigma-filters-specification.md, "House: X" to the table just named.
package oracle
