// Package sigma finds events by Sigma rules (the Sigma specification, version
// 2.1): it loads rules, correlations and filters, compiles them, routes each event
// to the rules of its log source and evaluates those.
//
// A rule is read from its text (text.go, anchor.go, tree.go, document.go), its
// detection compiled to selections of items of predicates and a condition over
// them (compile.go, selection.go, modifier.go, asked.go, condition.go,
// predicate.go); filters are added, correlations put together when everything is
// read (load.go, filter.go, refer.go). The engine makes its indexes and programs
// of that.
//
// What the specification leaves open, or engines disagree on, is settled in
// docs/reference/rules.md and held by testdata/rules; what may be in a file by
// testdata/sets.
//
// Guarantees:
//   - Whatever is in a file, it is loaded or listed in Set.Failed with its line
//     and cause; the others work. Time and memory are bounded.
//   - Engine.Match, Scanner.Scan and Set.Explain agree. The last shares nothing
//     with the others but the compiled predicates.
//   - Set.Text is the text that was compiled, whatever became of the file.
//
// Seam: Engine is a detect.Matcher and Set a detect.Explainer; nothing outside the
// package sees how rules are found.
package sigma
