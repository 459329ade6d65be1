-- +goose Up
-- The one row that names this installation for ever, also after a restore.
CREATE TABLE store_instance (
    id   TEXT   NOT NULL PRIMARY KEY,
    made BIGINT NOT NULL
);

-- +goose Down
DROP TABLE store_instance;
