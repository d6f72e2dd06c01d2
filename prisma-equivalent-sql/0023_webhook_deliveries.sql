-- How a company's webhooks are, and what they are still to be told.

ALTER TABLE webhooks
    ADD COLUMN description     text CHECK (char_length(description) <= 200),
    -- Why it was switched off, when the server did it.
    ADD COLUMN disabled_reason text CHECK (char_length(disabled_reason) <= 500),
    -- Since when nothing could be delivered, and how often in a row.
    ADD COLUMN failing_since   timestamptz(3),
    ADD COLUMN failures        integer NOT NULL DEFAULT 0,
    -- Nothing is sent before.
    ADD COLUMN paused_until    timestamptz(3),
    ADD COLUMN delivered_at    timestamptz(3);

-- Which companies have webhooks is asked for all of them at once.
CREATE INDEX webhooks_active ON webhooks (company_id) WHERE active;

CREATE TABLE webhook_deliveries (
    company_id      uuid NOT NULL,
    id              uuid NOT NULL,
    webhook_id      uuid NOT NULL,
    -- The same for every try, and for every webhook that is told of the event.
    event_id        uuid NOT NULL,
    kind            text NOT NULL CHECK (char_length(kind) <= 50),
    -- What it is about is read when it is sent: neither text nor names are copied here.
    conversation_id uuid,
    message_id      uuid,
    -- The order in which a conversation's events are sent.
    position        bigint GENERATED ALWAYS AS IDENTITY,
    state           text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'failed', 'dropped')),
    attempts        integer NOT NULL DEFAULT 0,
    -- Not before; while it is being sent, until when whoever sends it has it.
    due_at          timestamptz(3) NOT NULL DEFAULT now(),
    status          integer,
    error           text CHECK (char_length(error) <= 500),
    duration_ms     integer,
    happened_at     timestamptz(3) NOT NULL DEFAULT now(),
    finished_at     timestamptz(3),
    created_at      timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id),
    CONSTRAINT webhook_deliveries_event_key UNIQUE (company_id, webhook_id, event_id),
    FOREIGN KEY (company_id, webhook_id) REFERENCES webhooks ON DELETE CASCADE
);
CREATE INDEX webhook_deliveries_list ON webhook_deliveries (company_id, webhook_id, position DESC);
CREATE INDEX webhook_deliveries_lane
    ON webhook_deliveries (company_id, webhook_id, conversation_id, position) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (company_id, webhook_id, due_at) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_old ON webhook_deliveries (finished_at) WHERE state <> 'pending';

-- Whoever delivers works for all companies.
CREATE POLICY webhooks_swept ON webhooks USING (app_sweeper()) WITH CHECK (app_sweeper());

ALTER TABLE webhook_deliveries ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhook_deliveries FORCE ROW LEVEL SECURITY;
CREATE POLICY webhook_deliveries_of_company ON webhook_deliveries
    USING (company_id = app_company()) WITH CHECK (company_id = app_company());
CREATE POLICY webhook_deliveries_swept ON webhook_deliveries USING (app_sweeper()) WITH CHECK (app_sweeper());
