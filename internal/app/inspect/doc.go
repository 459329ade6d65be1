// Package inspect does offline, over files, what the program does on the way of an
// event: it reads recorded logs, normalises them, shows them to the rules and
// counts over time. Rule authors check and test rules with it, analysts search
// past nights. It needs no data directory and writes nothing.
//
// Guarantees:
//   - The reader, the normaliser, the engine and the counter are the program's own:
//     what matches here matches there. What a hospital decided about rules (off,
//     other severities, exceptions) is its database's and is not known here.
//   - Findings of single events come in the order of files and records whatever the
//     number of jobs. Correlations count in the order of the events' own times; at
//     most mostHeld events wait for their turn, so that of more than that, those
//     that lie far apart in the files are counted in the order in which they come.
//   - A record that cannot be read is counted with its reason and ends nothing. A
//     file of which nothing can be read is named (Summary.Unread).
package inspect
