package exercise

import (
	"fmt"
	"math/rand/v2"
	"time"

	"warder/internal/flow"
	"warder/internal/hospital"
)

// medical is what clinical systems say of an ordinary day: modalities that look
// patients up and store images, messages between systems, records that are read
// one at a time, devices that restart or are set by those who may.
func (q *quiet) medical() []actor {
	var actors []actor
	if archive := q.servers("srv-pacs"); len(archive) > 0 {
		for _, m := range q.each(hospital.MedicalDevice, flow.ByAETitle) {
			actors = append(actors, modality{named(m, flow.ByAETitle), named(m, flow.ByIP), archive[0].name, q.rng("modality " + m.ID)}.examine)
		}
	}
	if engine := q.servers("srv-engine"); len(engine) > 0 {
		for _, from := range []struct{ service, kind string }{{"lis", "ORU^R01"}, {"adt", "ADT^A01"}, {"ris", "ORM^O01"}, {"pharma", "RDE^O11"}} {
			if _, ok := q.snap.Resolve(flow.Identifier{Kind: flow.ByService, Value: from.service}); ok {
				actors = append(actors, messages(q.rng("hl7 "+from.service), engine[0].name, from.service, from.kind))
			}
		}
	}
	if records := q.servers("srv-ehr"); len(records) > 0 {
		for range 6 {
			w := q.hire()
			actors = append(actors, reader(q.rng("reader "+w.badge), w, records[0].name))
		}
	}
	return append(actors, q.workshop()...)
}

// modality is a device that makes images.
type modality struct {
	title, ip, archive string
	rng                *rand.Rand
}

// examine: look the patient up, send the images, fetch the ones before.
func (m modality) examine(hour int, add func(Record)) {
	for _, at := range moments(m.rng, hour, 2*busy(hour), 6*time.Minute) {
		patient := m.rng.IntN(90_000)
		for _, action := range []string{"dicom.find", "dicom.store", "dicom.move"} {
			destination := ""
			if action == "dicom.move" {
				destination = fmt.Sprintf(`"destination_aet":%q,`, m.title)
			}
			add(ndjson(at, fmt.Sprintf(`"application":"pacs","action":%q,"calling_aet":%q,"called_aet":"PACS",%s"patient":"%d","src_ip":%q,"host":%q`,
				action, m.title, destination, 8_000_000+patient, m.ip, m.archive)))
			at += between(m.rng, 20*time.Second, 90*time.Second)
		}
	}
}

// messages are what one system tells another of patients.
func messages(rng *rand.Rand, engine, service, kind string) actor {
	return func(hour int, add func(Record)) {
		for _, at := range moments(rng, hour, 4+20*busy(hour), 10*time.Second) {
			add(ndjson(at, fmt.Sprintf(`"application":"interface-engine","action":"hl7.message","sending_application":%q,"message_type":%q,"host":%q`, service, kind, engine)))
		}
	}
}

// reader is somebody who reads records, a few an hour; in a year of such days
// somebody breaks the glass.
func reader(rng *rand.Rand, w worker, host string) actor {
	return func(hour int, add func(Record)) {
		if !w.onDuty(hour) {
			return
		}
		for _, at := range moments(rng, hour, 5, 2*time.Minute) {
			event := `<EventID csd-code="110110" codeSystemName="DCM"/>`
			if rng.IntN(300) == 0 {
				event = `<EventID csd-code="110113" codeSystemName="DCM"/><EventTypeCode csd-code="110127" codeSystemName="DCM"/>`
			}
			add(syslogRecord(at, 85, host, "ehr", "2716", "IHE+RFC-3881", "-", fmt.Sprintf(
				`<AuditMessage><EventIdentification EventActionCode="R" EventDateTime="{{now}}" EventOutcomeIndicator="0">%s</EventIdentification>`+
					`<ActiveParticipant UserID=%q UserIsRequestor="true"/><AuditSourceIdentification AuditSourceID="ehr"/>`+
					`<ParticipantObjectIdentification ParticipantObjectID="%d" ParticipantObjectTypeCode="1" ParticipantObjectTypeCodeRole="1"/></AuditMessage>`,
				event, w.person, 8_000_000+rng.IntN(90_000))))
		}
	}
}

// workshop sets devices from its own station, and restarts one after its service.
func (q *quiet) workshop() []actor {
	station := q.stationFor("biomedical")
	pumps := q.tagged(hospital.MedicalDevice, "pump")
	if station == nil || len(pumps) == 0 {
		return nil
	}
	w, rng := q.hire(), q.rng("workshop")
	return []actor{func(hour int, add func(Record)) {
		if h := hour % 24; h < 9 || h > 16 {
			return
		}
		for _, at := range moments(rng, hour, 0.6, 20*time.Minute) {
			pump := named(pumps[rng.IntN(len(pumps))], flow.ByHostname)
			add(syslogRecord(at, 134, "gw-biomed", "medical", "-", "EVT", fmt.Sprintf(
				`[medical@32473 event="limits.changed" device=%q user=%q station=%q]`, pump, w.person, named(station, flow.ByHostname)), "Limites"))
			at += between(rng, time.Minute, 4*time.Minute)
			add(syslogRecord(at, 134, "gw-biomed", "medical", "-", "EVT", fmt.Sprintf(
				`[medical@32473 event="device.restarted" device=%q]`, pump), "Remise en service"))
		}
	}}
}

func ndjson(at time.Duration, fields string) Record {
	return Record{At: at, Transport: HTTP, Channel: "ndjson", Payload: "{" + fields + `,"time":"{{now}}"}`}
}
