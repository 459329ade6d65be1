-- +goose Up
CREATE TABLE normalise_unknown (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    value      TEXT NOT NULL,
    state      TEXT NOT NULL, -- open, ignored, adopted
    first_seen BIGINT NOT NULL,
    last_seen  BIGINT NOT NULL,
    times      BIGINT NOT NULL,
    source     TEXT NOT NULL, -- of the newest event
    example    TEXT NOT NULL, -- id of the newest event
    asset      TEXT NOT NULL  -- of an adopted one
);
CREATE INDEX normalise_unknown_state ON normalise_unknown (state, last_seen);

-- +goose Down
DROP TABLE normalise_unknown;
