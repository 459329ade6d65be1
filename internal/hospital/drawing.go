package hospital

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// drawing is what the SVG of a plan holds, as far as the model cares.
type drawing struct {
	shapes []shape
	faults []drawingFault
}

// shape is an element that stands for an asset.
type shape struct {
	asset string
	line  int
}

type drawingFault struct {
	line int
	rule Rule
	text string
}

// drawingElements are those that a plan may hold: they draw, and neither act
// nor fetch. Everything else is refused, so that what SVG may yet learn is too.
func drawingElements() []string {
	return []string{"svg", "g", "defs", "title", "desc", "metadata", "path", "rect", "circle", "ellipse", "line",
		"polyline", "polygon", "text", "tspan", "style", "symbol", "use", "marker", "pattern", "clipPath", "mask",
		"linearGradient", "radialGradient", "stop"}
}

const (
	svgSpace    = "http://www.w3.org/2000/svg"
	mostElement = 100_000 // of one plan
	mostFaults  = 50      // of one plan
	deepest     = 100     // elements inside each other
)

// readDrawing lists a plan's shapes and what it must not hold.
func readDrawing(svg []byte) drawing {
	r := &drawingReader{dec: xml.NewDecoder(bytes.NewReader(svg)), allowed: make(map[string]bool)}
	for _, e := range drawingElements() {
		r.allowed[e] = true
	}
	for r.token() {
	}
	if r.elements == 0 && len(r.d.faults) == 0 {
		r.bad(RulePlanSVG, "the drawing is empty")
	}
	return r.d
}

type drawingReader struct {
	dec      *xml.Decoder
	allowed  map[string]bool
	d        drawing
	elements int
	depth    int
	style    bool
}

func (r *drawingReader) bad(rule Rule, text string) {
	line, _ := r.dec.InputPos()
	r.d.faults = append(r.d.faults, drawingFault{line, rule, text})
}

// token reads one token and tells whether to go on.
func (r *drawingReader) token() bool {
	tok, err := r.dec.Token()
	if err != nil {
		if !errors.Is(err, io.EOF) {
			r.bad(RulePlanSVG, "is not well-formed XML: "+err.Error())
		}
		return false
	}
	switch t := tok.(type) {
	case xml.Directive:
		r.bad(RulePlanActive, "a document type or entity (<!...>) is not allowed; remove it")
	case xml.ProcInst:
		if t.Target != "xml" {
			r.bad(RulePlanActive, "processing instruction <?"+shorten(t.Target)+"?> is not allowed; remove it")
		}
	case xml.StartElement:
		return r.start(t)
	case xml.EndElement:
		r.depth--
		r.style = false
	case xml.CharData:
		if r.style && refersOut(string(t)) {
			r.bad(RulePlanReference, "a style that fetches (@import, url) is not allowed; write it out")
		}
	}
	return len(r.d.faults) < mostFaults
}

func (r *drawingReader) start(t xml.StartElement) bool {
	r.elements++
	r.depth++
	if r.elements > mostElement || r.depth > deepest {
		r.bad(RulePlanSVG, "has more than 100,000 elements, or more than 100 inside each other; simplify it")
		return false
	}
	name := t.Name.Local
	if r.elements == 1 {
		r.root(t)
	}
	if !r.allowed[name] || t.Name.Space != svgSpace && t.Name.Space != "" {
		r.bad(RulePlanActive, "element <"+shorten(name)+"> is not allowed in a plan; use only "+strings.Join(drawingElements(), ", "))
	}
	r.style = name == "style"
	for _, a := range t.Attr {
		r.attribute(a)
	}
	return len(r.d.faults) < mostFaults
}

func (r *drawingReader) root(t xml.StartElement) {
	if t.Name.Local != "svg" || t.Name.Space != svgSpace {
		r.bad(RulePlanSVG, `the outermost element must be <svg xmlns="http://www.w3.org/2000/svg">`)
	}
	for _, a := range t.Attr {
		if a.Name.Local == "viewBox" {
			return
		}
	}
	r.bad(RulePlanSVG, `the <svg> has no viewBox; write viewBox="0 0 width height" in decimetres`)
}

func (r *drawingReader) attribute(a xml.Attr) {
	name := strings.ToLower(a.Name.Local)
	declares := a.Name.Space == "xmlns" || a.Name.Space == "" && name == "xmlns"
	switch {
	case name == "data-asset":
		line, _ := r.dec.InputPos()
		r.d.shapes = append(r.d.shapes, shape{asset: a.Value, line: line})
	case declares:
	case strings.HasPrefix(name, "on"):
		r.bad(RulePlanActive, "attribute "+shorten(name)+" acts; remove it")
	case name == "href" || name == "src":
		if !strings.HasPrefix(a.Value, "#") {
			r.bad(RulePlanReference, "reference to "+shorten(a.Value)+"; a plan refers only to its own parts (#id)")
		}
	case name == "base":
		r.bad(RulePlanReference, "attribute base is not allowed; remove it")
	case refersOut(a.Value):
		r.bad(RulePlanReference, "attribute "+shorten(name)+" refers outside the plan; only url(#id) is allowed")
	}
}

// refersOut tells whether a style or value fetches from outside, or hides what
// it does behind escapes.
func refersOut(s string) bool {
	if strings.Contains(s, `\`) {
		return true
	}
	s = strings.ToLower(s)
	if strings.Contains(s, "@import") || strings.Contains(s, "javascript:") || strings.Contains(s, "expression(") ||
		strings.Contains(s, "image-set(") || strings.Contains(s, "image(") {
		return true
	}
	for {
		_, rest, found := strings.Cut(s, "url(")
		if !found {
			return false
		}
		if !strings.HasPrefix(strings.TrimLeft(rest, " \t\n\"'"), "#") {
			return true
		}
		s = rest
	}
}
