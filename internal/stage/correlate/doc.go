// Package correlate makes incidents of alerts: alerts that are one story become
// one incident, and every join says why.
//
// An alert joins an open incident when its time is within the window around the
// incident's alerts and it shares an asset (not a hub, nothing as wide as a floor
// or a network), an actor (a person, a badge, an outside address; not a service
// account), or has assets close by in the hospital model. The best reason wins:
// asset, then actor, then the nearest. An alert that shares an asset or an actor
// with several incidents makes one of them, if no person has worked on the
// younger ones; otherwise each keeps a note that the other is related. Incidents
// have a greatest age and size. Exercises and live alerts never meet, and neither
// do alerts about Warder's own health and those about the hospital.
//
// Alerts of severity info and low are quiet: they join by asset or actor only,
// and open an incident only when several low ones share the same thing within
// the window. A quiet alert without an incident is kept and listed; it is taken
// up when an incident comes that it belongs to.
//
// Guarantees:
//   - An alert's id decides: the same alert twice changes nothing. An alert is in
//     at most one incident, and none is ever dropped.
//   - The order in which alerts arrive inside the window decides nothing about
//     which stories are found, as long as stories share nothing.
//   - Effects, messages and the cursor commit together.
//   - Whatever a person does is in the timeline and in the audit, with the name.
package correlate
