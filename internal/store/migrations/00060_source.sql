-- +goose Up
CREATE TABLE source_state (
    id     TEXT   NOT NULL PRIMARY KEY,
    last   BIGINT NOT NULL, -- when the newest live record came; 0 = never
    silent BIGINT NOT NULL  -- the value of last for which silence was announced; 0 = it speaks
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
DROP TABLE source_state;
