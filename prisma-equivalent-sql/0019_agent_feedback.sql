-- What people thought of agents' answers. Ids of conversations and messages are MongoDB's; no text of either is kept.

CREATE TABLE agent_feedback (
    company_id      uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id              uuid NOT NULL,
    message_id      uuid NOT NULL,
    conversation_id uuid NOT NULL,
    agent_name      text NOT NULL CHECK (char_length(agent_name) BETWEEN 1 AND 32),
    -- Who says so: a member, a customer, or a program by the id of its key.
    author_kind     text NOT NULL CHECK (author_kind IN ('member', 'customer', 'program')),
    author_id       uuid NOT NULL,
    user_id         uuid GENERATED ALWAYS AS (CASE WHEN author_kind = 'member' THEN author_id END) STORED,
    customer_id     uuid GENERATED ALWAYS AS (CASE WHEN author_kind = 'customer' THEN author_id END) STORED,
    score           smallint NOT NULL CHECK (score IN (-1, 1)),
    note            text CHECK (char_length(note) BETWEEN 1 AND 1000),
    created_at      timestamptz(3) NOT NULL DEFAULT now(),
    updated_at      timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id),
    CONSTRAINT agent_feedback_author_key UNIQUE (company_id, message_id, author_kind, author_id),
    FOREIGN KEY (company_id, user_id) REFERENCES memberships ON DELETE CASCADE,
    FOREIGN KEY (company_id, customer_id) REFERENCES customers ON DELETE CASCADE
);
CREATE INDEX agent_feedback_of_conversation ON agent_feedback (company_id, conversation_id);
CREATE INDEX agent_feedback_of_user ON agent_feedback (company_id, user_id) WHERE user_id IS NOT NULL;
CREATE INDEX agent_feedback_of_customer ON agent_feedback (company_id, customer_id) WHERE customer_id IS NOT NULL;

ALTER TABLE agent_feedback ENABLE ROW LEVEL SECURITY;
ALTER TABLE agent_feedback FORCE ROW LEVEL SECURITY;
CREATE POLICY agent_feedback_of_company ON agent_feedback
    USING (company_id = app_company()) WITH CHECK (company_id = app_company());
