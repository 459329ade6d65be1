-- +goose Up
-- Lines of the audit that have no place in the tamper-evident log yet. A line is written here in its own transaction, so none is
-- passed over, however late it commits.
CREATE TABLE store_audit_waiting (
    id TEXT NOT NULL PRIMARY KEY
);
INSERT INTO store_audit_waiting (id) SELECT id FROM store_audit;

-- The place of each line in the log, without gaps from 0; given before the line is appended, so that a repetition appends the same.
CREATE TABLE store_audit_leaf (
    leaf BIGINT NOT NULL PRIMARY KEY,
    id   TEXT   NOT NULL UNIQUE
);

-- The newest checkpoint of the log that this database saw: one row.
CREATE TABLE store_audit_checkpoint (
    part TEXT   NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL,
    note TEXT   NOT NULL
);

CREATE INDEX store_audit_by ON store_audit (by_id, happened);
CREATE INDEX store_audit_action ON store_audit (action, happened);

-- +goose Down
DROP INDEX store_audit_action;
DROP INDEX store_audit_by;
DROP TABLE store_audit_checkpoint;
DROP TABLE store_audit_leaf;
DROP TABLE store_audit_waiting;
