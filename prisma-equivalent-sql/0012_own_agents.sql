-- What a company's own agents say without a model, their earlier versions, and what a company sets of the built-in ones.

ALTER TABLE agents
    ADD COLUMN audience text NOT NULL DEFAULT 'internal' CHECK (audience IN ('internal', 'customer', 'both')),
    ADD COLUMN aliases  text[] NOT NULL DEFAULT '{}' CHECK (cardinality(aliases) <= 5),
    ADD COLUMN rules    jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(rules) = 'array');

-- What an agent was before each change, for going back and for reading a logged turn. The newest twenty are kept.
CREATE TABLE agent_versions (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    agent_id   uuid NOT NULL,
    version    integer NOT NULL CHECK (version > 0),
    definition jsonb NOT NULL CHECK (jsonb_typeof(definition) = 'object'),
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, agent_id, version),
    FOREIGN KEY (company_id, agent_id) REFERENCES agents ON DELETE CASCADE
);

-- A row is there once a company has set something of a built-in agent.
CREATE TABLE built_in_agents (
    company_id   uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    name         text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 32),
    active       boolean NOT NULL DEFAULT true,
    instructions text NOT NULL DEFAULT '' CHECK (char_length(instructions) <= 8000),
    model        text CHECK (char_length(model) <= 200),
    temperature  double precision CHECK (temperature BETWEEN 0 AND 1),
    version      integer NOT NULL DEFAULT 1,
    created_at   timestamptz(3) NOT NULL DEFAULT now(),
    updated_at   timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, name)
);

-- Questions with their answers: one agent's, or the whole company's where agent_id is null.
-- No index on search, for the reason given at products.
CREATE TABLE faqs (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id         uuid NOT NULL,
    agent_id   uuid,
    place      integer NOT NULL CHECK (place >= 0),
    question   text NOT NULL CHECK (char_length(question) BETWEEN 1 AND 300),
    answer     text NOT NULL CHECK (char_length(answer) BETWEEN 1 AND 2000),
    language   text CHECK (language IN ('en', 'es')),
    search     tsvector GENERATED ALWAYS AS (
                   setweight(search_words(question), 'A') || setweight(search_words(answer), 'C')) STORED,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, agent_id) REFERENCES agents ON DELETE CASCADE
);
CREATE INDEX faqs_of_agent ON faqs (company_id, agent_id, place);

ALTER TABLE agent_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE agent_versions FORCE ROW LEVEL SECURITY;
CREATE POLICY agent_versions_of_company ON agent_versions
    USING (company_id = app_company()) WITH CHECK (company_id = app_company());

ALTER TABLE built_in_agents ENABLE ROW LEVEL SECURITY;
ALTER TABLE built_in_agents FORCE ROW LEVEL SECURITY;
CREATE POLICY built_in_agents_of_company ON built_in_agents
    USING (company_id = app_company()) WITH CHECK (company_id = app_company());

ALTER TABLE faqs ENABLE ROW LEVEL SECURITY;
ALTER TABLE faqs FORCE ROW LEVEL SECURITY;
CREATE POLICY faqs_of_company ON faqs
    USING (company_id = app_company()) WITH CHECK (company_id = app_company());
