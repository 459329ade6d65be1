// Package foreign passes on what other systems detect: Suricata's alerts and
// Frigate's review alerts. Their severities and classes become ours by tables
// (content/mappings/foreign.yaml); their own words stay in the event.
//
// A detection that comes again and again is one alert in the time that the table
// says, for each signature and pair of ends: counting does that (Correlations).
package foreign
