// Package backup writes everything that a Warder holds into one encrypted file,
// while it works, and makes a Warder of such a file again.
//
// Guarantees:
//   - A backup is one consistent point. Everything that was acknowledged before it
//     began is in it, once.
//   - What is in the folder of backups is whole: a file gets its name only after
//     it was fsynced, read back, decrypted and compared with its own list.
//   - The server can write backups and cannot read them: it holds recipients
//     only. The recovery key is the user's.
//   - A restore reads the whole file before it touches anything. A file that is
//     damaged, encrypted for others, of a newer format or version, or no backup at
//     all is refused. The data directory is then exchanged in one step.
//
// The format is described in docs/reference/backup-format.md.
package backup
