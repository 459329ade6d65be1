// Package exercise plays scenarios: stories told in records, with what must and
// must not come of them.
//
// A scenario is read from a txtar file (package scenario in test/scenario
// describes the form) with every mistake told by file and line. A Player sends
// its records through the listeners that real systems use: syslog over UDP and
// TCP, MQTT, the ingest route. QuietDay makes the ordinary records of a hospital
// in which nothing happens. Compare holds what came of it against what was
// expected. Module is all of it behind the API, where every record is marked as
// an exercise.
//
// Guarantees: records of one transport leave in the order of the scenario, and
// transports are never further apart than one slice of it. A record sent over
// MQTT or HTTP counts as sent when it was acknowledged; over syslog when it was
// written. In a marked play nothing leaves without the mark: a record that cannot
// carry one is refused before anything is sent.
package exercise
