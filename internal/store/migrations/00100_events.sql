-- +goose Up
CREATE TABLE events_hold (
    id            TEXT    NOT NULL PRIMARY KEY,
    incident      TEXT    NOT NULL,
    number        BIGINT  NOT NULL,
    why           TEXT    NOT NULL,
    around        BOOLEAN NOT NULL, -- also what happened at its assets in its time
    placed        BIGINT  NOT NULL,
    by_id         TEXT    NOT NULL,
    by_name       TEXT    NOT NULL,
    ends          BIGINT  NOT NULL, -- 0: when somebody releases it
    released      BIGINT  NOT NULL, -- 0: not yet
    released_name TEXT    NOT NULL,
    released_why  TEXT    NOT NULL,
    from_at       BIGINT  NOT NULL, -- of what is around
    to_at         BIGINT  NOT NULL,
    assets        TEXT    NOT NULL  -- JSON: a list of ids
);
CREATE INDEX events_hold_incident ON events_hold (incident);

CREATE TABLE events_hold_event (
    hold  TEXT NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (hold, event)
);

-- +goose Down
DROP TABLE events_hold_event;
DROP TABLE events_hold;
