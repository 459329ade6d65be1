-- +goose Up
CREATE TABLE detect_setting (
    rule     TEXT PRIMARY KEY,
    title    TEXT NOT NULL, -- of the rule, for when it is no longer there
    off      BOOLEAN NOT NULL,
    severity TEXT NOT NULL, -- empty: the rule's own
    why      TEXT NOT NULL,
    by_id    TEXT NOT NULL,
    by_name  TEXT NOT NULL,
    at       BIGINT NOT NULL
);

CREATE TABLE detect_exception (
    id         TEXT PRIMARY KEY,
    rule       TEXT NOT NULL,
    conditions JSONB NOT NULL,
    why        TEXT NOT NULL,
    until      BIGINT NOT NULL,
    by_id      TEXT NOT NULL,
    by_name    TEXT NOT NULL,
    at         BIGINT NOT NULL,
    removed    BIGINT NOT NULL, -- when somebody took it back; 0 = nobody did
    hits       BIGINT NOT NULL  -- matches that it swallowed
);
CREATE INDEX detect_exception_rule ON detect_exception (rule, at);

-- What a rule found on one day of the site; old days are deleted.
CREATE TABLE detect_day (
    rule     TEXT NOT NULL,
    day      BIGINT NOT NULL, -- days since 1970-01-01
    hits     BIGINT NOT NULL,
    excepted BIGINT NOT NULL,
    PRIMARY KEY (rule, day)
);
CREATE INDEX detect_day_day ON detect_day (day);

ALTER TABLE detect_rule ADD COLUMN excepted BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE detect_rule DROP COLUMN excepted;
DROP TABLE detect_day;
DROP TABLE detect_exception;
DROP TABLE detect_setting;
