// Package detect says which events matter. Its consumer takes raw records from
// the exchange, has them normalised, keeps the events and shows each to the
// matchers; what they find becomes alerts, or hits for what counts over time.
//
// Guarantees:
//   - One durable hop: normalising and detecting happen in one consumer. It
//     keeps two cursors: "detected" (its checkpoint on topic raw) and "stored"
//     (the event store's own). A restart begins at the lower one; nothing is
//     alerted again that was alerted before, nothing is stored twice.
//   - The cursor "detected" moves only after the batch's hits and alerts are
//     durable. A crash before that publishes them again under the same ids.
//   - Matchers are stateless; what counts over time is package count. A match
//     gives one hit for each correlation that counts its rule, in the partition
//     of the group that it falls into (Dispatch).
//   - Rules change while it runs (Consumer.Swap). A batch sees one rule set
//     throughout, and nothing is found twice or by none.
//   - An unreadable record meets no rule, but is stored and counted.
//
// In an alert the asset with RoleTarget is the one that the threat is on; the
// others say how it was seen.
//
// Sub-packages: sigma (rules), count (correlations), foreign (other systems'
// alerts). They share what is here and do not know one another.
package detect
