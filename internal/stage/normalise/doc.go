// Package normalise turns raw records into events: it reads each format, keeps
// the sender's own field names, says the same in Warder's vocabulary and ties
// the event to assets of the hospital model.
//
// Guarantees:
//   - Normaliser.Event is pure: the same record and the same model version give
//     the same event. It never fails and never panics: what cannot be read
//     becomes an event of category "other" with ParseError set and its raw bytes
//     kept.
//   - Original holds what the sender wrote, nested as it came. JSON numbers are
//     float64, so integers above 2^53 lose their last digits there; the raw bytes
//     have them whole. Of an event of Windows that a converter wrote as XML in
//     JSON, elements with text are their text (unwrapXML).
//   - An attribute holds at most maxAttribute bytes; Raw and Original hold all.
//   - Identifiers that no asset carries are listed in Event.Unknown and, by
//     Module, in a table of at most MaxUnknown rows from which a person adopts
//     them. Public addresses are actors and are never listed.
//
// The vocabulary is flow.Vocabulary; docs/reference/events.md is made from it.
package normalise
