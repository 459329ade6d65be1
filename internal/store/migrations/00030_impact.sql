-- +goose Up
-- What this stage knows of each incident: the newest form that reached it.
CREATE TABLE impact_incident (
    id       TEXT    NOT NULL PRIMARY KEY,
    version  BIGINT  NOT NULL,
    is_open  BOOLEAN NOT NULL,
    exercise TEXT    NOT NULL,
    health   BOOLEAN NOT NULL, -- about Warder's own health
    body     TEXT    NOT NULL
);
CREATE INDEX impact_incident_open ON impact_incident (is_open, id);

-- Every assessment that was made, the newest of an incident having the greatest version.
CREATE TABLE impact_assessment (
    incident TEXT   NOT NULL,
    version  BIGINT NOT NULL,
    computed BIGINT NOT NULL,
    body     TEXT   NOT NULL, -- without the paths of single assets
    whole    TEXT   NOT NULL, -- with them, only of the newest
    PRIMARY KEY (incident, version)
);

-- What the newest assessments of open live incidents say of care services.
CREATE TABLE impact_service (
    incident   TEXT             NOT NULL,
    service    TEXT             NOT NULL,
    state      TEXT             NOT NULL,
    harm_at    BIGINT           NOT NULL,
    likelihood DOUBLE PRECISION NOT NULL,
    seconds    DOUBLE PRECISION NOT NULL, -- time to harm from the start of harm
    severity   TEXT             NOT NULL,
    certain    BOOLEAN          NOT NULL, -- it is hit already, no prediction
    PRIMARY KEY (incident, service, state)
);
CREATE INDEX impact_service_service ON impact_service (service);

-- +goose Down
DROP TABLE impact_service;
DROP TABLE impact_assessment;
DROP TABLE impact_incident;
