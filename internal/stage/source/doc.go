// Package source takes records in from outside and hands them, bytes untouched,
// to topic raw. It is the first step of the way of an event.
//
// Guarantees:
//   - Accept returns after the fsync of the batch that holds the records; a
//     protocol that can acknowledge (HTTP, MQTT with QoS 1 or 2, a followed
//     file's cursor) does so only then.
//   - Records of many connections share a message and an fsync: a batch closes
//     at Records, Bytes or Delay, whichever comes first.
//   - Memory is bounded: what is accepted but not yet durable fills at most
//     Pending bytes; then callers wait (back pressure), and TryKeep refuses.
//   - Nothing is dropped in silence. What could not be kept is counted per
//     source as refused, dropped or truncated, and shown.
//   - Records of one caller keep their order on the topic, unless a failing log
//     makes some of them come again.
//   - A sender's retry is recognised by the sender's own key, per source, among
//     the newest Keys keys (Intake); without a key it is a new record.
//
// The protocols are sub-packages; each is handed an Inlet, the way in of one
// configured source, and sees nothing else of the program.
package source
