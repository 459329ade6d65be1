-- +goose Up
-- Whether a notice is urgent decides which of those that wait is tried next. What waits from before counts as urgent.
ALTER TABLE notify_notice ADD COLUMN urgent BOOLEAN NOT NULL DEFAULT TRUE;
CREATE INDEX notify_notice_waiting ON notify_notice (channel, state, incident, seq);

-- +goose Down
DROP INDEX notify_notice_waiting;
ALTER TABLE notify_notice DROP COLUMN urgent;
