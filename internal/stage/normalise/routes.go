package normalise

import (
	"context"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"warder/internal/flow"
	"warder/internal/hospital"
	"warder/internal/kit/fault"
	"warder/internal/module"
	"warder/internal/store"
)

// UnknownAsset is an identifier that events name and no asset carries.
type UnknownAsset struct {
	ID        string              `json:"id"`
	Kind      flow.IdentifierKind `json:"kind" doc:"the identifier's kind, such as ip or camera"`
	Value     string              `json:"value"`
	State     string              `json:"state" enum:"open,ignored,adopted"`
	FirstSeen time.Time           `json:"first_seen"`
	LastSeen  time.Time           `json:"last_seen"`
	Count     int64               `json:"count" doc:"events that named it"`
	Source    string              `json:"source" doc:"source of the newest event"`
	Example   string              `json:"example" doc:"id of the newest event"`
	Asset     string              `json:"asset,omitempty" doc:"id of the asset that it became"`
}

// Routes lists the module's operations.
func (m *Module) Routes() []module.Route {
	op := func(id, summary string, p module.Permission) module.Op {
		return module.Op{ID: id, Summary: summary, Tag: "hospital", Permission: p}
	}
	return []module.Route{
		module.Handle("GET", "/unknown-assets", op("list-unknown-assets",
			"List what events name but the hospital model lacks, newest first", module.ReadHospital), m.list),
		module.Handle("POST", "/unknown-assets/{id}/adopt", op("adopt-unknown-asset",
			"Add an unknown asset to the hospital model", module.EditHospital), m.adopt),
		module.Handle("POST", "/unknown-assets/{id}/ignore", op("ignore-unknown-asset",
			"Set an unknown asset aside for good", module.EditHospital), m.ignore),
	}
}

type listInput struct {
	module.Page
	State string `query:"state" doc:"which rows" enum:"open,ignored,adopted" default:"open"`
}

func (m *Module) list(ctx context.Context, in *listInput) (*module.List[UnknownAsset], error) {
	limit := in.Limit
	if limit <= 0 {
		limit = 100
	}
	state := in.State
	if state == "" {
		state = "open"
	}
	last, id, err := readCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	items, err := m.rows(ctx, `WHERE state = $1 AND (last_seen < $2 OR last_seen = $2 AND id < $3)
		ORDER BY last_seen DESC, id DESC LIMIT $4`, state, last, id, limit+1)
	if err != nil {
		return nil, err
	}
	page := &module.List[UnknownAsset]{Items: items}
	if len(items) > limit {
		page.Items = items[:limit]
		page.Next = writeCursor(items[limit-1])
	}
	if page.Items == nil {
		page.Items = []UnknownAsset{}
	}
	return page, nil
}

func writeCursor(u UnknownAsset) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d %s", store.Micros(u.LastSeen), u.ID))
}

func readCursor(cursor string) (last int64, id string, err error) {
	if cursor == "" {
		return 1<<62 - 1, "", nil
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		at, rest, _ := strings.Cut(string(b), " ")
		if last, err = strconv.ParseInt(at, 10, 64); err == nil {
			return last, rest, nil
		}
	}
	return 0, "", fault.New(fault.Invalid, "list unknown assets: the cursor is none of ours; begin without one")
}

type adoptInput struct {
	ID   string `path:"id" doc:"id of the unknown asset" maxLength:"64"`
	Body struct {
		Kind        hospital.Kind `json:"kind" required:"true" maxLength:"32" doc:"what it is, such as host or camera"`
		Name        string        `json:"name" required:"true" minLength:"1" maxLength:"200"`
		Place       string        `json:"place,omitempty" maxLength:"128" doc:"id of the place that holds it"`
		Criticality int           `json:"criticality,omitempty" minimum:"0" maximum:"5"`
	}
}

// Adopted names the asset that an unknown one became.
type Adopted struct {
	Asset   string `json:"asset" doc:"id of the new asset"`
	Version string `json:"version" doc:"version of the model that has it"`
}

func (m *Module) adopt(ctx context.Context, in *adoptInput) (*Adopted, error) {
	row, err := m.find(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if row.State == "adopted" {
		return nil, fault.New(fault.Conflict, "This was adopted already, as %s.", row.Asset)
	}
	asset := hospital.Asset{
		ID: assetID(row), Kind: in.Body.Kind, Name: in.Body.Name, Place: in.Body.Place, Criticality: in.Body.Criticality,
		Identifiers: []flow.Identifier{{Kind: row.Kind, Value: row.Value}},
	}
	version, err := m.adopter.Adopt(ctx, asset, module.Caller(ctx))
	if err != nil {
		return nil, err
	}
	return &Adopted{Asset: asset.ID, Version: version}, m.settle(ctx, row, "adopted", asset.ID)
}

// assetID makes an id of the identifier that people recognise and that no other
// adopted asset has.
func assetID(u UnknownAsset) string {
	word := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		}
		return '-'
	}, strings.ToLower(u.Value))
	if len(word) > 40 {
		word = word[:40]
	}
	if word = strings.Trim(word, "-"); word == "" {
		word = "asset"
	}
	return word + "-" + u.ID[len(u.ID)-6:]
}

type ignoreInput struct {
	ID string `path:"id" doc:"id of the unknown asset" maxLength:"64"`
}

func (m *Module) ignore(ctx context.Context, in *ignoreInput) (*module.None, error) {
	row, err := m.find(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if row.State == "adopted" {
		return nil, fault.New(fault.Conflict, "This was adopted already, as %s.", row.Asset)
	}
	return nil, m.settle(ctx, row, "ignored", "")
}

func (m *Module) find(ctx context.Context, id string) (UnknownAsset, error) {
	rows, err := m.rows(ctx, `WHERE id = $1`, id)
	if err != nil {
		return UnknownAsset{}, err
	}
	if len(rows) == 0 {
		return UnknownAsset{}, fault.New(fault.NotFound, "There is no unknown asset %q; GET /unknown-assets lists them.", id)
	}
	return rows[0], nil
}

// settle notes what a person decided, for the list and for the audit.
func (m *Module) settle(ctx context.Context, row UnknownAsset, state, asset string) error {
	by := module.Caller(ctx)
	return m.space.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE normalise_unknown SET state = $2, asset = $3 WHERE id = $1`, row.ID, state, asset); err != nil {
			return fmt.Errorf("settle an unknown asset: %w", err)
		}
		tx.Emit("change", row.ID, flow.Change{Kind: "unknown-asset", ID: row.ID})
		return tx.Audit(ctx, store.Entry{
			By: by.ID, Name: by.Name, Action: "unknown-asset." + state, Subject: row.ID,
			Detail: map[string]any{"kind": string(row.Kind), "value": row.Value, "asset": asset},
		})
	})
}
