-- +goose Up
CREATE TABLE hospital_version (
    number       BIGINT  NOT NULL PRIMARY KEY, -- counts up without gaps
    version      TEXT    NOT NULL, -- names the content; a model that comes back has the same
    replaced     TEXT    NOT NULL, -- the version before
    cause        TEXT    NOT NULL, -- import, adopt or remove-demo
    name         TEXT    NOT NULL,
    demo         BOOLEAN NOT NULL,
    assets       BIGINT  NOT NULL,
    dependencies BIGINT  NOT NULL,
    made         BIGINT  NOT NULL,
    by_id        TEXT    NOT NULL,
    by_name      TEXT    NOT NULL,
    depth        BIGINT  NOT NULL, -- 0: body is the whole model; n: it adds to the n numbers before
    body         BYTEA   NOT NULL  -- zip of CSV, as an export writes it
);
CREATE INDEX hospital_version_version ON hospital_version (version, number);

-- +goose Down
DROP TABLE hospital_version;
