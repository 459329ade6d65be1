// Package sigma finds events by Sigma rules (the Sigma specification, version
// 2.1): it loads rules, correlations and filters, compiles them, routes each event
// to the rules of its log source and evaluates those.
//
// A rule is read from its text (text.go, anchor.go, tree.go, document.go), its
// detection compiled to selections of items of predicates and a condition over
// them (compile.go, selection.go, modifier.go, asked.go, condition.go,
// predicate.go); filters are added, correlations put together when everything is
// read (load.go, filter.go, refer.go).
//
// The engine is made of that once (engine.go): what rules ask is numbered, each
// question once (term.go, atom.go), put into an index for each field (literal.go for
// expressions, package index), a rule given the questions one of which must hold
// (witness.go) and a program of questions (program.go). An event then passes
//   - scanner.go or Engine.Match: it comes as a line or as an event;
//   - scratch.go: it is given the memory of one event;
//   - record.go, scalar.go, unescape.go: the JSON of a line is taken apart where it
//     stands;
//   - view.go, names.go: the names that rules ask for are found in that;
//   - route.go: it gets its log sources, and by them its group of rules;
//   - group.go: the indexes find witnesses in the values (value.go, fold.go) of each
//     field and, for keywords, in all of them (leaves.go);
//   - cost.go, evaluate.go: the programs of the rules so found are run, some timed;
//     what no index has answered is asked of the predicates (pattern.go, clock.go).
//
// An explanation goes another way (explain.go, facts.go).
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
