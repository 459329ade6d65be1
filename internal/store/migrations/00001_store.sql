-- +goose Up
CREATE TABLE store_outbox (
    seq         BIGINT NOT NULL PRIMARY KEY,
    topic       TEXT   NOT NULL,
    message_key TEXT   NOT NULL,
    body        BYTEA  NOT NULL
);

CREATE TABLE store_cursor (
    space    TEXT   NOT NULL,
    topic    TEXT   NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (space, topic)
);

CREATE TABLE store_audit (
    id       TEXT   NOT NULL PRIMARY KEY,
    happened BIGINT NOT NULL,
    by_id    TEXT   NOT NULL,
    by_name  TEXT   NOT NULL,
    action   TEXT   NOT NULL,
    subject  TEXT   NOT NULL,
    detail   JSONB
);
CREATE INDEX store_audit_happened ON store_audit (happened, id);
CREATE INDEX store_audit_subject ON store_audit (subject, happened);

-- +goose Down
DROP TABLE store_audit;
DROP TABLE store_cursor;
DROP TABLE store_outbox;
