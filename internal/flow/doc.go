// Package flow holds the records on the way of an event, from the bytes that a
// source took in to the notice that reaches a person:
//
//	Raw -> Event -> Alert -> Incident -> Assessment -> Plan -> Notice
//
// It is data only: no behaviour beyond what a record can say about itself, no
// storage, no transport. The JSON forms of these records are what the API and
// the console speak.
//
// Identity: a Raw and its Event are named by where they were accepted
// (RecordID); everything later derives its id from the ids of its causes, so a
// replay makes the same records again.
package flow
