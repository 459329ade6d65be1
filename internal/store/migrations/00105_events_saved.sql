-- +goose Up
-- Searches that people keep, for themselves or for everybody.
CREATE TABLE events_saved (
    id       TEXT PRIMARY KEY,
    name     TEXT NOT NULL,
    query    TEXT NOT NULL,
    span     TEXT NOT NULL,   -- the last so long: 15m, 1h, 24h, 7d, all; empty for a fixed range
    from_us  BIGINT NOT NULL, -- microseconds; 0 = none
    to_us    BIGINT NOT NULL,
    shared   BOOLEAN NOT NULL,
    by_id    TEXT NOT NULL,
    by_name  TEXT NOT NULL,
    at       BIGINT NOT NULL
);
CREATE INDEX events_saved_by ON events_saved (by_id);

-- +goose Down
DROP TABLE events_saved;
