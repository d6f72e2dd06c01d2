-- What is to be sent over channels and how it fared, and the ids of e-mails by which answers find their conversations.

CREATE TABLE channel_outbox (
    company_id      uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    -- Goes along to the provider, which tells it again with word of the message.
    id              uuid NOT NULL,
    channel_id      uuid NOT NULL,
    channel_kind    text NOT NULL CHECK (channel_kind IN ('whatsapp', 'email')),
    contact_id      uuid NOT NULL,
    conversation_id uuid NOT NULL,
    message_id      uuid NOT NULL,
    -- The message's place in its conversation, and the part's in the message: the order in which they are sent.
    seq             bigint NOT NULL,
    part            integer NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('text', 'template')),
    -- The role of who wrote it.
    author          text NOT NULL CHECK (author IN ('user', 'agent', 'system')),
    -- NULL once it is delivered or given up.
    body            text CHECK (char_length(body) <= 40000),
    state           text NOT NULL DEFAULT 'queued'
                    CHECK (state IN ('queued', 'sending', 'held', 'sent', 'delivered', 'read', 'failed', 'dropped')),
    attempts        integer NOT NULL DEFAULT 0,
    -- How many tries ended without anybody knowing whether it was sent.
    unknowns        integer NOT NULL DEFAULT 0,
    -- When it is to be sent; while it is being sent, until when that is somebody's work.
    due_at          timestamptz(3) NOT NULL DEFAULT now(),
    provider_id     text CHECK (char_length(provider_id) <= 300),
    error_code      text CHECK (char_length(error_code) <= 40),
    error           text CHECK (char_length(error) <= 300),
    -- Counts changes of the state, and whether the message shows the last one.
    changes         integer NOT NULL DEFAULT 0,
    shown           boolean NOT NULL DEFAULT true,
    created_at      timestamptz(3) NOT NULL DEFAULT now(),
    updated_at      timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id),
    CONSTRAINT channel_outbox_part_key UNIQUE (company_id, message_id, part),
    FOREIGN KEY (company_id, channel_id) REFERENCES channels ON DELETE CASCADE,
    FOREIGN KEY (company_id, contact_id) REFERENCES channel_contacts ON DELETE CASCADE,
    FOREIGN KEY (company_id, conversation_id) REFERENCES channel_conversations ON DELETE CASCADE
);
CREATE INDEX channel_outbox_due ON channel_outbox (due_at) WHERE state IN ('queued', 'sending');
CREATE INDEX channel_outbox_of_lane ON channel_outbox (company_id, conversation_id, seq, part)
    WHERE state IN ('queued', 'sending', 'held');
CREATE INDEX channel_outbox_sending ON channel_outbox (company_id, channel_id) WHERE state = 'sending';
CREATE INDEX channel_outbox_at_provider ON channel_outbox (company_id, channel_id, provider_id)
    WHERE provider_id IS NOT NULL;
CREATE INDEX channel_outbox_of_contact ON channel_outbox (company_id, contact_id, created_at);
CREATE INDEX channel_outbox_unshown ON channel_outbox (updated_at) WHERE NOT shown;
CREATE INDEX channel_outbox_old ON channel_outbox (created_at) WHERE state IN ('sent', 'delivered', 'read', 'failed', 'dropped');

-- The ids of RFC 5322 of e-mails that came and went, without angle brackets.
CREATE TABLE channel_mails (
    company_id      uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    mail_id         text NOT NULL CHECK (char_length(mail_id) BETWEEN 1 AND 998),
    conversation_id uuid NOT NULL,
    direction       text NOT NULL CHECK (direction IN ('inbound', 'outbound')),
    -- The ids that an answer to it refers to, its own not among them.
    reference_ids   text[] NOT NULL DEFAULT '{}' CHECK (cardinality(reference_ids) <= 20),
    created_at      timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, mail_id),
    FOREIGN KEY (company_id, conversation_id) REFERENCES channel_conversations ON DELETE CASCADE
);
CREATE INDEX channel_mails_of_conversation ON channel_mails (company_id, conversation_id, created_at);

ALTER TABLE channel_outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE channel_outbox FORCE ROW LEVEL SECURITY;
CREATE POLICY channel_outbox_of_company ON channel_outbox
    USING (company_id = app_company()) WITH CHECK (company_id = app_company());
CREATE POLICY channel_outbox_swept ON channel_outbox USING (app_sweeper()) WITH CHECK (app_sweeper());

ALTER TABLE channel_mails ENABLE ROW LEVEL SECURITY;
ALTER TABLE channel_mails FORCE ROW LEVEL SECURITY;
CREATE POLICY channel_mails_of_company ON channel_mails
    USING (company_id = app_company()) WITH CHECK (company_id = app_company());
