-- +goose Up
CREATE TABLE store_binding (
    part   TEXT NOT NULL PRIMARY KEY,
    writer TEXT NOT NULL
);

-- +goose Down
DROP TABLE store_binding;
