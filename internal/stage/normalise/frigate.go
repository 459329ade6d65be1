package normalise

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"warder/internal/flow"
)

var errNoTracked = errors.New("read Frigate message: want an object \"after\" with an id and a camera")

// parseFrigate reads a message of the topics frigate/events and frigate/reviews
// (Frigate documentation, "MQTT"). Both carry before and after; after is how
// things stand now.
func (n *Normaliser) parseFrigate(d *draft) error {
	m, err := n.readObject(d.raw.Data)
	if err != nil {
		return err
	}
	d.ev.Original = m
	after := obj(m, "after")
	if str(after["id"]) == "" || str(after["camera"]) == "" {
		return errNoTracked
	}
	kind := str(m["type"])
	if kind != "new" && kind != "update" && kind != "end" {
		return fmt.Errorf("read Frigate message: type %q is not new, update or end", kind)
	}
	d.ev.Category = flow.CategoryCamera
	d.set(flow.AttrCamera, str(after["camera"]))
	d.claim(flow.RoleObserver, flow.ByCamera, str(after["camera"]))
	if strings.HasSuffix(d.raw.Channel, "/reviews") || after["data"] != nil && after["label"] == nil {
		readReview(d, kind, after)
		return nil
	}
	readTracked(d, kind, after)
	return nil
}

// readTracked reads one tracked object.
func readTracked(d *draft, kind string, after map[string]any) {
	still, _ := after["stationary"].(bool)
	d.ev.Action = "object.seen"
	seen := after["frame_time"]
	switch {
	case kind == "end":
		d.ev.Action = "object.left"
		if end, ok := after["end_time"].(float64); ok {
			seen = end
		}
	case after["false_positive"] == true:
		d.ev.Action = "object.doubtful" // Frigate itself does not yet believe it
	case still:
		d.ev.Action = "object.stationary"
	}
	d.at(seen)
	d.set(flow.AttrObjectID, str(after["id"]))
	d.set(flow.AttrObjectLabel, str(after["label"]))
	d.set(flow.AttrStationary, strconv.FormatBool(still))
	d.set(flow.AttrCameraZone, words(after["current_zones"]))
	d.set(flow.AttrDwell, dwell(after["start_time"], seen))
}

// readReview reads a review item: Frigate's own judgement that a stretch of
// video is worth a look ("alert") or less ("detection").
func readReview(d *draft, kind string, after map[string]any) {
	d.ev.Action = "review." + clean(str(after["severity"]))
	data := obj(after, "data")
	seen := after["start_time"]
	if end, ok := after["end_time"].(float64); ok && kind == "end" {
		seen = end
	}
	d.at(seen)
	d.set(flow.AttrReviewID, str(after["id"]))
	d.set(flow.AttrReviewState, kind)
	d.set(flow.AttrForeignLevel, str(after["severity"]))
	d.set(flow.AttrObjectLabel, words(data["objects"]))
	d.set(flow.AttrCameraZone, words(data["zones"]))
	d.set(flow.AttrDwell, dwell(after["start_time"], seen))
}

// dwell is how long an object has been seen, in seconds.
func dwell(start, seen any) string {
	from, ok1 := start.(float64)
	to, ok2 := seen.(float64)
	if !ok1 || !ok2 || to < from {
		return ""
	}
	return strconv.FormatFloat(to-from, 'f', 1, 64)
}

// words joins a list of names by blanks, the form of attributes that hold
// several; a single value is kept as it is.
func words(v any) string {
	list, ok := v.([]any)
	if !ok {
		return str(v)
	}
	names := make([]string, 0, len(list))
	for _, item := range list {
		if s := str(item); s != "" {
			names = append(names, strings.ReplaceAll(s, " ", "_"))
		}
	}
	return strings.Join(names, " ")
}
