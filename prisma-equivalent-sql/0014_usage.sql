-- What a turn was, beyond how it ended; and what agents used, day by day.

ALTER TABLE agent_logs
    ADD COLUMN agent_version  integer NOT NULL DEFAULT 0 CHECK (agent_version >= 0),
    ADD COLUMN channel        text NOT NULL DEFAULT 'api' CHECK (char_length(channel) BETWEEN 1 AND 20),
    ADD COLUMN trigger_kind   text CHECK (char_length(trigger_kind) <= 32),
    ADD COLUMN mode           text CHECK (mode IN ('deterministic', 'llm', 'notice')),
    ADD COLUMN skill          text CHECK (char_length(skill) <= 64),
    ADD COLUMN outcome        text CHECK (outcome IN ('answered', 'clarified', 'handed_off', 'approval_requested',
                                  'refused', 'fallback', 'failed', 'superseded', 'superseded_by_human', 'cancelled')),
    ADD COLUMN confidence     double precision CHECK (confidence BETWEEN 0 AND 1),
    ADD COLUMN steps          integer NOT NULL DEFAULT 0 CHECK (steps >= 0),
    ADD COLUMN first_token_ms integer CHECK (first_token_ms >= 0),
    ADD COLUMN estimated      boolean NOT NULL DEFAULT false;

-- Counted up in the statement that records a turn, so that every turn counts once. Days are UTC's.
CREATE TABLE usage_daily (
    company_id  uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    day         date NOT NULL,
    agent_name  text NOT NULL CHECK (char_length(agent_name) BETWEEN 1 AND 32),
    channel     text NOT NULL CHECK (char_length(channel) BETWEEN 1 AND 20),
    turns       bigint NOT NULL DEFAULT 0,
    -- Answered by a model and not handed over: what a budget of turns counts.
    model_turns bigint NOT NULL DEFAULT 0,
    tokens_in   bigint NOT NULL DEFAULT 0,
    tokens_out  bigint NOT NULL DEFAULT 0,
    cost_micros bigint NOT NULL DEFAULT 0,
    handoffs    bigint NOT NULL DEFAULT 0,
    fallbacks   bigint NOT NULL DEFAULT 0,
    failures    bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (company_id, day, agent_name, channel)
);

ALTER TABLE usage_daily ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_daily FORCE ROW LEVEL SECURITY;
CREATE POLICY usage_daily_of_company ON usage_daily
    USING (company_id = app_company()) WITH CHECK (company_id = app_company());
