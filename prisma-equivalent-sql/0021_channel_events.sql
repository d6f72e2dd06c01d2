-- What providers told by webhooks and is still to be worked off. A row is written before the webhook is answered.

CREATE TABLE channel_events (
    company_id      uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    -- The order in which they came.
    number          bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    channel_id      uuid NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('message', 'status', 'identity', 'mail')),
    -- The same thing delivered again has the same key.
    key             text NOT NULL CHECK (char_length(key) BETWEEN 1 AND 400),
    -- Events of one lane are worked off one after the other.
    lane            text NOT NULL CHECK (char_length(lane) BETWEEN 1 AND 300),
    -- NULL once it is worked off.
    payload         jsonb CHECK (jsonb_typeof(payload) = 'object'),
    -- Into which conversation it goes, decided before it does, so that doing it again does the same.
    conversation_id uuid,
    state           text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done', 'failed')),
    attempts        integer NOT NULL DEFAULT 0,
    last_error      text CHECK (char_length(last_error) <= 500),
    due_at          timestamptz(3) NOT NULL DEFAULT now(),
    received_at     timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, channel_id, key),
    FOREIGN KEY (company_id, channel_id) REFERENCES channels ON DELETE CASCADE
);
CREATE UNIQUE INDEX channel_events_by_number ON channel_events (company_id, number);
CREATE INDEX channel_events_due ON channel_events (due_at) WHERE state = 'pending';
CREATE INDEX channel_events_of_lane ON channel_events (company_id, channel_id, lane, number) WHERE state = 'pending';
CREATE INDEX channel_events_old ON channel_events (received_at) WHERE state <> 'pending';

ALTER TABLE channel_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE channel_events FORCE ROW LEVEL SECURITY;
CREATE POLICY channel_events_of_company ON channel_events
    USING (company_id = app_company()) WITH CHECK (company_id = app_company());
CREATE POLICY channel_events_swept ON channel_events USING (app_sweeper()) WITH CHECK (app_sweeper());
