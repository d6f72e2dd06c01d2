-- What agents noted of people who may buy: an interest, or a drafted order that a member confirms.

CREATE TABLE leads (
    company_id      uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id              uuid NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('lead', 'order')),
    status          text NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'confirmed', 'dismissed')),
    customer_id     uuid,
    conversation_id uuid,
    agent_name      text NOT NULL CHECK (char_length(agent_name) BETWEEN 1 AND 32),
    name            text CHECK (char_length(name) BETWEEN 1 AND 200),
    contact         text CHECK (char_length(contact) BETWEEN 1 AND 254),
    interest        text CHECK (char_length(interest) BETWEEN 1 AND 500),
    note            text CHECK (char_length(note) BETWEEN 1 AND 2000),
    items           jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(items) = 'array'),
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz(3) NOT NULL DEFAULT now(),
    updated_at      timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, customer_id) REFERENCES customers ON DELETE CASCADE
);
CREATE INDEX leads_of_customer ON leads (company_id, customer_id) WHERE customer_id IS NOT NULL;

ALTER TABLE leads ENABLE ROW LEVEL SECURITY;
ALTER TABLE leads FORCE ROW LEVEL SECURITY;
CREATE POLICY leads_of_company ON leads
    USING (company_id = app_company()) WITH CHECK (company_id = app_company());
