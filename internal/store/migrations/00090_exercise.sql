-- +goose Up
CREATE TABLE exercise_runs (
    id       TEXT PRIMARY KEY,
    scenario TEXT NOT NULL,
    speed    DOUBLE PRECISION NOT NULL,
    state    TEXT NOT NULL, -- running, finished, stopped, failed, interrupted
    by_id    TEXT NOT NULL,
    by_name  TEXT NOT NULL,
    started  BIGINT NOT NULL,
    ended    BIGINT NOT NULL, -- 0 while it runs
    sent     BIGINT NOT NULL,
    refused  BIGINT NOT NULL,
    position BIGINT NOT NULL, -- microseconds from the scenario's start
    problem  TEXT NOT NULL
);

CREATE INDEX exercise_runs_started ON exercise_runs (started, id);

-- +goose Down
DROP TABLE exercise_runs;
