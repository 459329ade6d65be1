package hospital

import (
	"archive/zip"
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"warder/internal/kit/fault"
	"warder/internal/store"
)

// ModelVersion is one version of the model as the history keeps it.
type ModelVersion struct {
	Number       int64     `json:"number" doc:"counts up with every change"`
	Version      string    `json:"version" doc:"names the content"`
	Replaced     string    `json:"replaced" doc:"the version before"`
	Cause        string    `json:"cause" doc:"import, adopt or remove-demo"`
	Name         string    `json:"name"`
	Demo         bool      `json:"demo"`
	Assets       int       `json:"assets"`
	Dependencies int       `json:"dependencies"`
	Made         time.Time `json:"made"`
	By           string    `json:"by"`
	ByName       string    `json:"by_name"`
}

// versions reads and writes the history of the model.
type versions struct{ space *store.Space }

// longestChain is how many additions follow a whole model before the next whole
// one: an adopted asset costs a row of its own size, and a start reads few rows.
const longestChain = 50

// newest tells number and depth of the newest version; 0 for none.
func newest(ctx context.Context, r store.Reader) (number, depth int64, err error) {
	row := r.QueryRowContext(ctx, `SELECT number, depth FROM hospital_version ORDER BY number DESC LIMIT 1`)
	if err = row.Scan(&number, &depth); errors.Is(err, sql.ErrNoRows) {
		return 0, 0, nil
	}
	return number, depth, err
}

// read makes the model of a version out of a whole one and what was added.
func (v versions) read(ctx context.Context, number, depth int64) (*Model, error) {
	rows, err := v.space.QueryContext(ctx, `SELECT body FROM hospital_version
		WHERE number >= $1 AND number <= $2 ORDER BY number`, number-depth, number)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var m *Model
	for rows.Next() {
		var body []byte
		if err := rows.Scan(&body); err != nil {
			return nil, v.space.Fault("read the hospital model", err)
		}
		part, err := unpack(body)
		if err != nil {
			return nil, fmt.Errorf("read version %d of the hospital model: %w", number, err)
		}
		if m == nil {
			m = part
			continue
		}
		m.Assets = append(m.Assets, part.Assets...)
	}
	if err := rows.Err(); err != nil {
		return nil, v.space.Fault("read the hospital model", err)
	}
	if m == nil {
		return nil, fmt.Errorf("read version %d of the hospital model: it is not there", number)
	}
	m.origins = nil // positions in stored files say nothing to people
	return normal(m), nil
}

// pack writes a model as the history keeps it.
func pack(m *Model) ([]byte, error) {
	var b bytes.Buffer
	err := WriteZip(&b, m, CSV)
	return b.Bytes(), err
}

// unpack reads what pack wrote. The rules of the model are not asked: it met
// those of its time, and a stricter program must not lose it. Nor are the
// bounds, which are for what comes from outside.
func unpack(body []byte) (*Model, error) {
	folder, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return nil, err
	}
	lim := defaultLimits()
	lim.files, lim.file, lim.all, lim.svg = 1<<20, 1<<32, 1<<36, 1<<30
	lim.assets, lim.dependencies, lim.plans = 1<<30, 1<<30, 1<<30
	l := newLoader(folder, lim)
	l.folder()
	m, problems := l.done()
	if len(problems) > 0 {
		return nil, errors.New(problems[0].String())
	}
	return m, nil
}

const versionColumns = `number, version, replaced, cause, name, demo, assets, dependencies, made, by_id, by_name`

func (v versions) insert(ctx context.Context, tx *store.Tx, row ModelVersion, depth int64, body []byte) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO hospital_version (`+versionColumns+`, depth, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		row.Number, row.Version, row.Replaced, row.Cause, row.Name, row.Demo, row.Assets, row.Dependencies,
		store.Micros(row.Made), row.By, row.ByName, depth, body)
	return err
}

// list returns versions below a number, newest first.
func (v versions) list(ctx context.Context, below int64, limit int) ([]ModelVersion, error) {
	rows, err := v.space.QueryContext(ctx, `SELECT `+versionColumns+` FROM hospital_version
		WHERE number < $1 ORDER BY number DESC LIMIT $2`, below, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []ModelVersion
	for rows.Next() {
		var row ModelVersion
		var made int64
		err := rows.Scan(&row.Number, &row.Version, &row.Replaced, &row.Cause, &row.Name, &row.Demo, &row.Assets,
			&row.Dependencies, &made, &row.By, &row.ByName)
		if err != nil {
			return nil, v.space.Fault("list the versions of the model", err)
		}
		row.Made = store.FromMicros(made)
		list = append(list, row)
	}
	return list, v.space.Fault("list the versions of the model", rows.Err())
}

// find returns number and depth of the newest row of a version.
func (v versions) find(ctx context.Context, version string) (number, depth int64, err error) {
	row := v.space.QueryRowContext(ctx, `SELECT number, depth FROM hospital_version WHERE version = $1
		ORDER BY number DESC LIMIT 1`, version)
	if err = row.Scan(&number, &depth); errors.Is(err, sql.ErrNoRows) {
		return 0, 0, fault.New(fault.NotFound, "There is no version %s of the hospital model. List the versions first.", shorten(version))
	}
	return number, depth, v.space.Fault("look for a version of the model", err)
}
