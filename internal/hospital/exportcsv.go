package hospital

import (
	"bytes"
	"encoding/csv"
	"maps"
	"slices"
	"strconv"
	"strings"
)

const mostCSVPart = 16 << 20

func csvFiles(m *Model) []exported {
	assets := newParts("assets", ".csv", csvLine(assetKeys()...), mostCSVPart)
	w := new(csvWriter)
	for i := range m.Assets {
		w.line(assets.next(), assetCells(&m.Assets[i])...)
	}
	dependencies := newParts("dependencies", ".csv", csvLine(dependencyKeys()...), mostCSVPart)
	for i := range m.Dependencies {
		w.line(dependencies.next(), dependencyCells(&m.Dependencies[i])...)
	}
	plans := newParts("plans", ".csv", csvLine(planKeys()...), mostCSVPart)
	for _, p := range m.Plans {
		w.line(plans.next(), p.ID, p.Name, p.Place, p.File)
	}
	return slices.Concat([]exported{yamlHead(m)}, assets.files(), dependencies.files(), plans.files())
}

// csvWriter writes rows to changing buffers through one csv.Writer.
type csvWriter struct {
	row bytes.Buffer
	csv *csv.Writer
}

func (w *csvWriter) line(to *bytes.Buffer, cells ...string) {
	if w.csv == nil {
		w.csv = csv.NewWriter(&w.row)
	}
	w.row.Reset()
	for i := range cells {
		cells[i] = guard(cells[i])
	}
	// Neither can fail: the delimiter is the default, and a buffer takes all.
	_ = w.csv.Write(cells)
	w.csv.Flush()
	to.Write(w.row.Bytes())
}

func csvLine(cells ...string) string {
	var b bytes.Buffer
	new(csvWriter).line(&b, cells...)
	return b.String()
}

// assetCells are the cells in the order of assetKeys.
func assetCells(a *Asset) []string {
	return []string{
		a.ID, string(a.Kind), a.Name, a.Place, numberCell(a.Criticality, defaultCriticality), a.Owner, truthCell(a.Hub),
		listCell(a.Tags), numberCell(a.Beds, 0), identifierCell(a), attributeCell(a), protectionCell(a.Protections),
	}
}

// dependencyCells are the cells in the order of dependencyKeys.
func dependencyCells(d *Dependency) []string {
	autonomy, likelihood := "", ""
	if d.Autonomy != 0 {
		autonomy = span(d.Autonomy)
	}
	if d.Likelihood != defaultLikelihood {
		likelihood = decimal(d.Likelihood)
	}
	return []string{d.From, d.To, string(d.Relation), truthCell(d.BothWays), d.Group, numberCell(d.Need, 1), autonomy, likelihood, d.Note}
}

func numberCell(n, except int) string {
	if n == except {
		return ""
	}
	return strconv.Itoa(n)
}

func truthCell(b bool) string {
	if b {
		return "true"
	}
	return ""
}

func listCell(values []string) string {
	escaped := make([]string, len(values))
	for i, v := range values {
		escaped[i] = escapeCell(v)
	}
	return strings.Join(escaped, ";")
}

func identifierCell(a *Asset) string {
	pairs := make([]string, len(a.Identifiers))
	for i, id := range a.Identifiers {
		pairs[i] = escapeCell(string(id.Kind)) + "=" + escapeCell(id.Value)
	}
	return strings.Join(pairs, ";")
}

func attributeCell(a *Asset) string {
	var pairs []string
	for _, k := range slices.Sorted(maps.Keys(a.Attributes)) {
		pairs = append(pairs, escapeCell(k)+"="+escapeCell(a.Attributes[k]))
	}
	return strings.Join(pairs, ";")
}

func protectionCell(list []Protection) string {
	cells := make([]string, len(list))
	for i, p := range list {
		cell := escapeCell(string(p.Against)) + "=" + decimal(p.Degree)
		if len(p.By) > 0 || p.Note != "" {
			cell += "|" + escapeCell(strings.Join(p.By, " "))
		}
		if p.Note != "" {
			cell += "|" + escapeCell(p.Note)
		}
		cells[i] = cell
	}
	return strings.Join(cells, ";")
}
