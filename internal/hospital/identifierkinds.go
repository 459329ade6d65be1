package hospital

import "warder/internal/flow"

// IdentifierInfo documents a kind of identifier.
type IdentifierInfo struct {
	Kind    flow.IdentifierKind
	Is      string
	Example string
}

// IdentifierTable documents the kinds of identifiers that an asset may carry,
// in the order of the reference page. An asset's own id (flow.ByID) resolves
// always and is not written a second time.
func IdentifierTable() []IdentifierInfo {
	return []IdentifierInfo{
		{flow.ByIP, "IP address; for a network also its prefix", "10.20.1.10"},
		{flow.ByMAC, "hardware address", "00:1b:21:3a:4f:10"},
		{flow.ByHostname, "name of the computer", "srv-schedule"},
		{flow.ByAETitle, "DICOM application entity title", "CT_ROOM2"},
		{flow.ByReader, "badge reader as access control names it", "R-A2-014"},
		{flow.ByDoor, "door as access control names it", "D-A2-014"},
		{flow.ByCamera, "camera as the video system names it", "cam-a2-pharmacy"},
		{flow.ByPanel, "fire, intrusion or building panel", "FP-A"},
		{flow.ByPoint, "a panel's point, as panel/point", "FP-A/2-014"},
		{flow.BySensor, "sensor as its messages name it", "sens-freezer-1"},
		{flow.ByBACnet, "BACnet device instance", "120114"},
		{flow.BySerial, "serial number", "SN-4471-22"},
		{flow.ByService, "application or service as logs name it", "schedule"},
		{flow.ByTopic, "MQTT topic", "sensors/sens-freezer-1"},
	}
}

func identifierKinds() []flow.IdentifierKind {
	table := IdentifierTable()
	kinds := make([]flow.IdentifierKind, len(table))
	for i, k := range table {
		kinds[i] = k.Kind
	}
	return kinds
}
