-- +goose Up
CREATE TABLE notify_notice (
    id       TEXT    NOT NULL PRIMARY KEY,
    seq      BIGINT  NOT NULL UNIQUE, -- order of arrival
    incident TEXT    NOT NULL,
    channel  TEXT    NOT NULL,
    made     BIGINT  NOT NULL,
    state    TEXT    NOT NULL, -- waiting, delivered, failed
    next_try BIGINT  NOT NULL, -- 0 when nothing is to be tried
    acked    BOOLEAN NOT NULL,
    body     TEXT    NOT NULL
);
CREATE INDEX notify_notice_incident ON notify_notice (incident, made, id);
CREATE INDEX notify_notice_channel ON notify_notice (channel, state, seq);
CREATE INDEX notify_notice_made ON notify_notice (made, id);

-- +goose Down
DROP TABLE notify_notice;
