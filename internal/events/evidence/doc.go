// Package evidence makes what the event store holds fit to be shown to others, and
// what it removed provable: signed bundles of events with their chain of custody,
// legal holds, retention, legal erasures and the signed records of deletions.
//
// Guarantees:
//   - Every byte of a bundle and of a deletion record is covered by the instance's
//     signature: whoever changes one bit is found out, and Verify names the file,
//     the event and the field that differ. Verify needs no server.
//   - An event that a hold in force names is removed by no retention and no erasure.
//     A hold follows its incident: alerts that join later are held too.
//   - A deletion record is written before the note of what was asked for is
//     removed. Records are numbered and each names the sum of the one before, so
//     that a missing one shows.
//
// The signature proves that a bundle came unchanged from whoever holds the key. It
// proves nothing about who that is: compare the key with the one that the console
// of the instance shows.
package evidence
