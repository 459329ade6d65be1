// Package evtx reads event log files of Windows (EVTX): chunks of 64 KiB that
// each hold records in binary XML, after the format descriptions [MS-EVEN6] of
// Microsoft (section 2.2.12 and following) and libevtx.
//
// A record comes out as the object that converters of such files give and that
// Sigma rules know: {"Event": {"System": {...}, "EventData": {...}}}. Attributes
// of an element stand in its "#attributes", or, when it has text, beside it under
// its name and "_attributes"; <Data Name="X"> stands under X; elements of the same
// name become a list.
//
// Guarantees:
//   - It reads the file from front to back, once, and holds one chunk of it.
//   - What is damaged costs as little as it can: a record that cannot be read is
//     given with its reason, a chunk that is none is passed over, and both are
//     counted (Damage).
//   - What one record may become is bounded in depth, elements and bytes; nothing
//     in a file makes it panic.
//
// The public Go libraries were weighed: those that can be had write times and
// attributes in a form of their own, that rules do not meet, and one needs cgo.
package evtx
