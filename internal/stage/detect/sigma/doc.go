// Package sigma finds events by Sigma rules (the Sigma specification, version 2):
// it loads rule and correlation files, compiles them, routes each event to the
// rules of its log source and evaluates those.
//
// What the specification leaves open, or engines disagree on, is settled here:
//   - Text is compared without regard to case (Unicode simple folding) unless
//     "cased" says otherwise; "re" regards case unless "i" is given.
//   - A field that an event lacks meets nothing but null and "exists: false";
//     "contains: '*'" needs the field. Null is met by an absent field and by JSON
//     null, not by empty text.
//   - A list in the event is met when one of its elements is; with "all", each
//     value must be met by some element. Attributes that hold several words are
//     such lists.
//   - White space, slashes and quotes in values are themselves. A value is a
//     regular expression only with "re", which searches and is not anchored.
//   - Numbers equal their text; lt, lte, gt and gte compare as numbers and are
//     never met by what is none.
//   - "neq" is the negation of equality, so an absent field meets it.
//   - Keywords are searched in every value of the event, and in the whole line of
//     a syslog record.
//
// A file that cannot be loaded is listed with its reason; the others work.
//
// Seam: Engine is a detect.Matcher, Match(*flow.Event) []detect.Match; nothing
// outside the package sees how it finds them.
package sigma
