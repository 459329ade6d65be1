// Package scenario holds the scenarios that tests, exercises and the demo play
// through the real listeners: each file is a story told in records, and what must
// and must not come of it.
//
// A file is a txtar archive. Its comment tells the story; its sections are:
//
//   - scenario.yaml: id, title (en, fr), hospital (a folder of content/hospitals),
//     notes, and include: other scenarios that are played within this one, each
//     with the offset at which it begins:
//     {include: [{scenario: s1-vaccine-theft, at: 9h12m}, ...]}
//   - timeline: one record a line, "<offset> <transport> <channel> <payload>".
//     Offset is a Go duration from the start. Transport is syslog-udp, syslog-tcp,
//     mqtt or http; channel is "-" for syslog, the topic for mqtt, and suricata,
//     ndjson or webhook/<mapping> for http. In the payload {{now}} (RFC 3339,
//     milliseconds, UTC), {{now3164}} and {{epoch}} (seconds) are the record's
//     time; {{now-90s}} and its like are earlier. Lines that begin with # are comments.
//   - noise.yaml: profile, seed and hours of ordinary records around it all.
//   - model.yaml: an overlay on the hospital. It holds assets and dependencies like
//     any file of a model; an asset of an id that is there replaces it whole, a
//     dependency of the same from, to and relation likewise, others are added.
//   - expect.yaml: incidents with their alerts, joins, impacts in the order of
//     their arrival, care services, barriers and plan; max_incidents; silences,
//     which are assets and threats that no prediction may reach. What an incident
//     does not state is not asked of it. Impacts and services are those of the
//     newest assessment; within is a Go duration from the alert that the harm stems
//     from, and the order is that of arrival on the clock.
//
// Expectations are written from the story, before the rules that must meet them.
package scenario

import "embed"

// FS holds the scenarios.
//
//go:embed *.txtar
var FS embed.FS
