-- +goose Up
CREATE TABLE correlate_incident (
    id          TEXT    NOT NULL PRIMARY KEY,
    number      BIGINT  NOT NULL UNIQUE,
    version     BIGINT  NOT NULL,
    status      TEXT    NOT NULL,
    is_open     BOOLEAN NOT NULL,
    exercise    TEXT    NOT NULL,
    severity    BIGINT  NOT NULL, -- rank: 0 info to 4 critical
    site        TEXT    NOT NULL,
    owner       TEXT    NOT NULL,
    opened      BIGINT  NOT NULL,
    updated     BIGINT  NOT NULL,
    first_alert BIGINT  NOT NULL,
    last_alert  BIGINT  NOT NULL,
    shelved     BIGINT  NOT NULL, -- until when; 0 for not shelved
    words       TEXT    NOT NULL, -- lower case: what a search looks through
    body        TEXT    NOT NULL  -- the case as JSON
);
CREATE INDEX correlate_incident_updated ON correlate_incident (updated, id);
CREATE INDEX correlate_incident_open ON correlate_incident (is_open, updated, id);
CREATE INDEX correlate_incident_shelved ON correlate_incident (shelved);

CREATE TABLE correlate_alert (
    id       TEXT   NOT NULL PRIMARY KEY,
    incident TEXT   NOT NULL, -- empty: a quiet alert that waits for an incident
    exercise TEXT   NOT NULL,
    happened BIGINT NOT NULL,
    body     TEXT   NOT NULL  -- the join as JSON
);
CREATE INDEX correlate_alert_incident ON correlate_alert (incident, happened, id);

-- By what open incidents are found (shared assets, actors, rooms, sources).
CREATE TABLE correlate_trace (
    trace    TEXT NOT NULL,
    incident TEXT NOT NULL,
    PRIMARY KEY (trace, incident)
);
CREATE INDEX correlate_trace_incident ON correlate_trace (incident);

-- By what waiting quiet alerts are found.
CREATE TABLE correlate_waiting (
    trace    TEXT   NOT NULL,
    alert    TEXT   NOT NULL,
    happened BIGINT NOT NULL,
    PRIMARY KEY (trace, alert)
);
CREATE INDEX correlate_waiting_alert ON correlate_waiting (alert);
CREATE INDEX correlate_waiting_happened ON correlate_waiting (happened);

CREATE TABLE correlate_timeline (
    id       TEXT   NOT NULL PRIMARY KEY,
    incident TEXT   NOT NULL,
    happened BIGINT NOT NULL,
    body     TEXT   NOT NULL
);
CREATE INDEX correlate_timeline_incident ON correlate_timeline (incident, happened, id);

-- +goose Down
DROP TABLE correlate_timeline;
DROP TABLE correlate_waiting;
DROP TABLE correlate_trace;
DROP TABLE correlate_alert;
DROP TABLE correlate_incident;
