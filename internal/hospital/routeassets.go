package hospital

import (
	"context"
	"strings"

	"warder/internal/kit/fault"
	"warder/internal/module"
)

// AssetsIn chooses assets; empty fields choose all.
type AssetsIn struct {
	module.Page
	Q    string `query:"q" doc:"part of the id, name, owner, a tag or an identifier; case does not matter" maxLength:"200"`
	Kind string `query:"kind" doc:"kind of asset" maxLength:"40"`
	Site string `query:"site" doc:"id of the site that the asset is or is in" maxLength:"128"`
	IDs  string `query:"ids" doc:"ids, separated by commas: these assets alone, on one page; ids that no asset has are left out" maxLength:"16384"`
}

func (m *Module) listAssets(_ context.Context, in *AssetsIn) (*module.List[Asset], error) {
	s := m.Snapshot()
	if in.IDs != "" {
		return assetsOf(s, strings.Split(in.IDs, ",")), nil
	}
	first := 0
	if in.Cursor != "" {
		last, ok := s.byID[in.Cursor]
		if !ok {
			return nil, fault.New(fault.Conflict, "The hospital model changed while this list was read. Begin again with the first page.")
		}
		first = int(last) + 1
	}
	limit := pageSize(in.Limit)
	match := matcher(s, in)
	page := &module.List[Asset]{Items: []Asset{}}
	for i := range s.model.Assets {
		if !match(i) {
			continue
		}
		page.Total++
		switch {
		case i < first:
		case len(page.Items) < limit:
			page.Items = append(page.Items, s.model.Assets[i])
		default:
			page.Next = page.Items[limit-1].ID
		}
	}
	return page, nil
}

// assetsOf gives the assets of some ids, in the order of the ids: whoever shows
// names asks for all that are in view at once.
func assetsOf(s *Snapshot, ids []string) *module.List[Asset] {
	page := &module.List[Asset]{Items: []Asset{}}
	for _, id := range ids {
		if a, ok := s.Asset(id); ok {
			page.Items = append(page.Items, *a)
		}
	}
	page.Total = len(page.Items)
	return page
}

// matcher tells whether an asset is among those asked for.
func matcher(s *Snapshot, in *AssetsIn) func(int) bool {
	words := strings.Fields(strings.ToLower(in.Q))
	site := none
	if i, ok := s.byID[in.Site]; ok {
		site = i
	}
	return func(i int) bool {
		a := &s.model.Assets[i]
		if in.Kind != "" && string(a.Kind) != in.Kind || in.Site != "" && (site == none || s.site[i] != site) {
			return false
		}
		for _, w := range words {
			if !mentions(a, w) {
				return false
			}
		}
		return true
	}
}

// mentions tells whether an asset's texts hold a word in lower case.
func mentions(a *Asset, word string) bool {
	for _, text := range []string{a.ID, a.Name, a.Owner} {
		if strings.Contains(strings.ToLower(text), word) {
			return true
		}
	}
	for _, t := range a.Tags {
		if strings.Contains(strings.ToLower(t), word) {
			return true
		}
	}
	for _, id := range a.Identifiers {
		if strings.Contains(strings.ToLower(id.Value), word) {
			return true
		}
	}
	return false
}

// AssetIn names an asset.
type AssetIn struct {
	ID string `path:"id" doc:"id of the asset"`
}

// AssetView is an asset with what is around it.
type AssetView struct {
	Asset      Asset       `json:"asset"`
	Path       []Asset     `json:"path" doc:"the places that hold it, outermost first"`
	Neighbours []Neighbour `json:"neighbours" doc:"one for each dependency, at most 500"`
	More       int         `json:"more,omitempty" doc:"how many neighbours are not listed"`
}

// Neighbour is an asset at the other end of a dependency.
type Neighbour struct {
	Asset      Asset      `json:"asset"`
	Relation   Relation   `json:"relation"`
	Direction  string     `json:"direction" enum:"in,out" doc:"out: harm can go there; in: harm can come from there"`
	Dependency Dependency `json:"dependency"`
}

const mostNeighbours = 500

func (m *Module) getAsset(_ context.Context, in *AssetIn) (*AssetView, error) {
	s := m.Snapshot()
	a, ok := s.Asset(in.ID)
	if !ok {
		return nil, unknownAsset(in.ID)
	}
	v := &AssetView{Asset: *a, Path: s.path(a), Neighbours: []Neighbour{}}
	v.add(s, "in", s.In(a.ID), func(d Dependency) string { return d.From })
	v.add(s, "out", s.Out(a.ID), func(d Dependency) string { return d.To })
	return v, nil
}

func (v *AssetView) add(s *Snapshot, direction string, deps []Dependency, other func(Dependency) string) {
	for _, d := range deps {
		if len(v.Neighbours) == mostNeighbours {
			v.More++
			continue
		}
		n, _ := s.Asset(other(d))
		v.Neighbours = append(v.Neighbours, Neighbour{Asset: *n, Relation: d.Relation, Direction: direction, Dependency: d})
	}
}

// path lists the places around an asset, outermost first.
func (s *Snapshot) path(a *Asset) []Asset {
	path := []Asset{}
	for place, ok := s.Asset(a.Place); ok; place, ok = s.Asset(place.Place) {
		path = append([]Asset{*place}, path...)
	}
	return path
}
