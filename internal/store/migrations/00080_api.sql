-- +goose Up
CREATE TABLE api_users (
    id           TEXT PRIMARY KEY,
    name         TEXT NOT NULL UNIQUE,
    role         TEXT NOT NULL,
    password     TEXT NOT NULL, -- argon2id, or empty: signs in by link only
    locale       TEXT NOT NULL,
    theme        TEXT NOT NULL,
    intended_use BIGINT NOT NULL, -- when the statement was accepted; 0 for not yet
    created      BIGINT NOT NULL
);

CREATE TABLE api_sessions (
    fingerprint TEXT PRIMARY KEY,
    user_id     TEXT NOT NULL REFERENCES api_users (id) ON DELETE CASCADE,
    csrf        TEXT NOT NULL,
    created     BIGINT NOT NULL,
    seen        BIGINT NOT NULL
);

CREATE TABLE api_links (
    fingerprint TEXT PRIMARY KEY,
    user_id     TEXT NOT NULL REFERENCES api_users (id) ON DELETE CASCADE,
    expires     BIGINT NOT NULL
);

CREATE TABLE api_tokens (
    id          TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    role        TEXT NOT NULL,
    created_by  TEXT NOT NULL,
    created     BIGINT NOT NULL,
    expires     BIGINT NOT NULL, -- 0 for never
    used        BIGINT NOT NULL
);

-- +goose Down
DROP TABLE api_tokens;
DROP TABLE api_links;
DROP TABLE api_sessions;
DROP TABLE api_users;
