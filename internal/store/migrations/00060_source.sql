-- +goose Up
CREATE TABLE source_state (
    id           TEXT   NOT NULL PRIMARY KEY,
    since        BIGINT NOT NULL, -- when this source was first configured here
    last         BIGINT NOT NULL, -- when the newest live record came; 0 = never
    silent       BIGINT NOT NULL, -- the time since which it is silent, once that was announced; 0 = it speaks
    received     BIGINT NOT NULL,
    bytes        BIGINT NOT NULL,
    parse_errors BIGINT NOT NULL,
    refused      BIGINT NOT NULL,
    dropped      BIGINT NOT NULL,
    truncated    BIGINT NOT NULL
);

-- A ring: a new failure takes the slot of the oldest.
CREATE TABLE source_failure (
    source TEXT   NOT NULL,
    slot   BIGINT NOT NULL, -- number modulo the size of the ring
    number BIGINT NOT NULL, -- of all failures of the source, from 0
    time   BIGINT NOT NULL,
    error  TEXT   NOT NULL,
    raw    BYTEA  NOT NULL, -- the record's first bytes
    peer   TEXT   NOT NULL,
    PRIMARY KEY (source, slot)
);

CREATE TABLE source_file (
    source     TEXT   NOT NULL,
    identity   TEXT   NOT NULL, -- what the system knows the file by, whatever its name
    generation TEXT   NOT NULL, -- new whenever the file begins anew
    path       TEXT   NOT NULL, -- where it was seen last
    position   BIGINT NOT NULL, -- behind the last line that is durable
    head       TEXT   NOT NULL, -- hash of the file's first bytes
    head_len   BIGINT NOT NULL, -- how many they are
    seen       BIGINT NOT NULL,
    PRIMARY KEY (source, identity)
);

-- +goose Down
DROP TABLE source_file;
DROP TABLE source_failure;
DROP TABLE source_state;
