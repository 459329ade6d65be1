// Package notify brings notices to people and systems, and keeps how far each
// got.
//
// A console notice is delivered by being stored and told on the live stream. A
// webhook's is posted as JSON, signed, until the receiver says 2xx, with growing
// pauses for 24 hours; then it has failed, which is itself told on the console.
//
// Guarantees:
//   - What was accepted from topic notice survives restarts; a notice is
//     delivered at least once, and its id tells the receiver about a repetition.
//   - One webhook gets the notices about an incident in order, and one notice at a
//     time; a slow or dead one holds up no other webhook.
//   - A notice that fails holds up none about another incident; an urgent one
//     (high, critical) is tried as soon as the attempt under way ends.
//   - A notice that the receiver refuses for what it is (400, 413, 422) has failed
//     at once.
//   - Redirects are not followed, certificates are verified, and no more than 64
//     KiB of an answer are read.
package notify
