package normalise

import (
	"encoding/xml"
	"fmt"
	"strings"

	"warder/internal/flow"
)

// eventXML is an event of Windows or of Sysmon for Linux in its XML form
// (Windows Event Schema; Sysmon for Linux writes it to syslog).
type eventXML struct {
	System struct {
		Provider struct {
			Name string `xml:"Name,attr"`
		} `xml:"Provider"`
		EventID     string `xml:"EventID"`
		Channel     string `xml:"Channel"`
		Computer    string `xml:"Computer"`
		TimeCreated struct {
			SystemTime string `xml:"SystemTime,attr"`
		} `xml:"TimeCreated"`
	} `xml:"System"`
	Data []struct {
		Name string `xml:"Name,attr"`
		Text string `xml:",chardata"`
	} `xml:"EventData>Data"`
}

func isEventXML(message string) bool {
	return strings.HasPrefix(message, "<Event>") || strings.HasPrefix(message, "<Event ")
}

// readEventXML reads such an event under the names that rules use.
func readEventXML(d *draft, message string) {
	var x eventXML
	if err := xml.Unmarshal([]byte(message), &x); err != nil {
		d.fault(fmt.Errorf("read event XML: %w", err))
		d.claimHost(flow.RoleTarget, d.get(flow.AttrHost))
		return
	}
	m := map[string]any{
		"Provider_Name": clean(x.System.Provider.Name), "EventID": clean(x.System.EventID),
		"Channel": clean(x.System.Channel), "Computer": clean(x.System.Computer),
	}
	for _, item := range x.Data {
		if item.Name != "" && len(m) < mostPairs {
			m[clean(item.Name)] = clean(item.Text)
		}
	}
	d.ev.Original = m
	if t, ok := readTime(x.System.TimeCreated.SystemTime, d.zone); ok {
		d.said(t)
	}
	readWindows(d, fields{d.ev.Scopes()})
}
