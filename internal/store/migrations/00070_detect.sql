-- +goose Up
CREATE TABLE detect_rule (
    rule     TEXT PRIMARY KEY,
    hits     BIGINT NOT NULL,
    last_hit BIGINT NOT NULL
);

-- +goose Down
DROP TABLE detect_rule;
