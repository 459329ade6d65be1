-- +goose Up
-- What this stage knows of each incident, to tell what is new in the next message.
CREATE TABLE respond_incident (
    id   TEXT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL
);

CREATE TABLE respond_plan (
    id       TEXT   NOT NULL PRIMARY KEY,
    incident TEXT   NOT NULL,
    playbook TEXT   NOT NULL,
    started  BIGINT NOT NULL,
    version  BIGINT NOT NULL,
    body     TEXT   NOT NULL
);
CREATE INDEX respond_plan_incident ON respond_plan (incident, started, id);

-- +goose Down
DROP TABLE respond_plan;
DROP TABLE respond_incident;
