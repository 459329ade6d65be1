// Package audit makes the audit tamper-evident and answers for it.
//
// A line of the audit is a row of the central database and commits with what it
// tells of. A follower gives each committed line the next place, without gaps,
// and appends it as a leaf to a Merkle tree log in files (package tiled). The
// place is committed before the leaf is appended, so whatever breaks off in
// between is repeated to the same bytes. Nobody who writes to the audit waits
// for any of this.
//
// Verify compares both directions: every leaf with its row, every row with its
// leaf, and the tree with its signed checkpoint and with checkpoints that were
// kept elsewhere. A log that is found damaged is not appended to: its lines
// wait in the database, Check says so, and Trouble is told.
package audit
