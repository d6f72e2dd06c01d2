-- A company's own agents, what agents remember, and the record of their turns.

CREATE TABLE agents (
    company_id   uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id           uuid NOT NULL,
    name         text NOT NULL CHECK (name ~ '^[a-z][a-z0-9-]{1,31}$'),
    description  text CHECK (char_length(description) <= 300),
    instructions text NOT NULL DEFAULT '' CHECK (char_length(instructions) <= 8000),
    model        text CHECK (char_length(model) <= 200),
    temperature  double precision CHECK (temperature BETWEEN 0 AND 1),
    tools        text[] NOT NULL DEFAULT '{}' CHECK (cardinality(tools) <= 100),
    active       boolean NOT NULL DEFAULT true,
    version      integer NOT NULL DEFAULT 1,
    created_at   timestamptz(3) NOT NULL DEFAULT now(),
    updated_at   timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id),
    CONSTRAINT agents_name_key UNIQUE (company_id, name)
);

-- The generated columns tie a row to the member or customer it is about, so that it goes when they go.
CREATE TABLE agent_state (
    company_id   uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    agent_name   text NOT NULL CHECK (char_length(agent_name) BETWEEN 1 AND 32),
    subject_kind text NOT NULL CHECK (subject_kind IN ('user', 'customer', 'conversation', 'company')),
    subject_id   uuid NOT NULL,
    user_id      uuid GENERATED ALWAYS AS (CASE WHEN subject_kind = 'user' THEN subject_id END) STORED,
    customer_id  uuid GENERATED ALWAYS AS (CASE WHEN subject_kind = 'customer' THEN subject_id END) STORED,
    state        jsonb NOT NULL CHECK (jsonb_typeof(state) = 'object'),
    version      integer NOT NULL DEFAULT 1,
    created_at   timestamptz(3) NOT NULL DEFAULT now(),
    updated_at   timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, subject_kind, subject_id, agent_name),
    FOREIGN KEY (company_id, user_id) REFERENCES memberships ON DELETE CASCADE,
    FOREIGN KEY (company_id, customer_id) REFERENCES customers ON DELETE CASCADE
);
CREATE INDEX agent_state_of_user ON agent_state (company_id, user_id) WHERE user_id IS NOT NULL;
CREATE INDEX agent_state_of_customer ON agent_state (company_id, customer_id) WHERE customer_id IS NOT NULL;

-- One row a turn. Ids of conversations and messages are MongoDB's; no text of either is kept here.
CREATE TABLE agent_logs (
    company_id         uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id                 uuid NOT NULL,
    agent_name         text NOT NULL CHECK (char_length(agent_name) BETWEEN 1 AND 32),
    conversation_id    uuid,
    trigger_message_id uuid,
    reply_message_id   uuid,
    state              text NOT NULL
                       CHECK (state IN ('replied', 'superseded', 'handed_off', 'cancelled', 'failed')),
    model              text CHECK (char_length(model) <= 200),
    prompt_tokens      integer NOT NULL DEFAULT 0 CHECK (prompt_tokens >= 0),
    completion_tokens  integer NOT NULL DEFAULT 0 CHECK (completion_tokens >= 0),
    cost_micros        bigint NOT NULL DEFAULT 0 CHECK (cost_micros >= 0),
    latency_ms         integer NOT NULL DEFAULT 0 CHECK (latency_ms >= 0),
    tool_calls         jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(tool_calls) = 'array'),
    error              text CHECK (char_length(error) <= 1000),
    created_at         timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id),
    CONSTRAINT agent_logs_turn_key UNIQUE (company_id, trigger_message_id, agent_name)
);
CREATE INDEX agent_logs_of_conversation ON agent_logs (company_id, conversation_id, id);

CREATE TABLE memories (
    company_id   uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id           uuid NOT NULL,
    subject_kind text NOT NULL CHECK (subject_kind IN ('user', 'customer', 'conversation', 'company')),
    subject_id   uuid NOT NULL,
    user_id      uuid GENERATED ALWAYS AS (CASE WHEN subject_kind = 'user' THEN subject_id END) STORED,
    customer_id  uuid GENERATED ALWAYS AS (CASE WHEN subject_kind = 'customer' THEN subject_id END) STORED,
    text         text NOT NULL CHECK (char_length(text) BETWEEN 1 AND 2000),
    search       tsvector GENERATED ALWAYS AS (search_words(text)) STORED,
    created_at   timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, user_id) REFERENCES memberships ON DELETE CASCADE,
    FOREIGN KEY (company_id, customer_id) REFERENCES customers ON DELETE CASCADE
);
CREATE INDEX memories_of_subject ON memories (company_id, subject_kind, subject_id, id);
CREATE INDEX memories_of_user ON memories (company_id, user_id) WHERE user_id IS NOT NULL;
CREATE INDEX memories_of_customer ON memories (company_id, customer_id) WHERE customer_id IS NOT NULL;

ALTER TABLE agents ENABLE ROW LEVEL SECURITY;
ALTER TABLE agents FORCE ROW LEVEL SECURITY;
CREATE POLICY agents_of_company ON agents
    USING (company_id = app_company()) WITH CHECK (company_id = app_company());

ALTER TABLE agent_state ENABLE ROW LEVEL SECURITY;
ALTER TABLE agent_state FORCE ROW LEVEL SECURITY;
CREATE POLICY agent_state_of_company ON agent_state
    USING (company_id = app_company()) WITH CHECK (company_id = app_company());

ALTER TABLE agent_logs ENABLE ROW LEVEL SECURITY;
ALTER TABLE agent_logs FORCE ROW LEVEL SECURITY;
CREATE POLICY agent_logs_of_company ON agent_logs
    USING (company_id = app_company()) WITH CHECK (company_id = app_company());

ALTER TABLE memories ENABLE ROW LEVEL SECURITY;
ALTER TABLE memories FORCE ROW LEVEL SECURITY;
CREATE POLICY memories_of_company ON memories
    USING (company_id = app_company()) WITH CHECK (company_id = app_company());
