-- The WhatsApp numbers and e-mail addresses over which companies serve customers, and who writes there.

CREATE TABLE channels (
    company_id    uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id            uuid NOT NULL,
    kind          text NOT NULL CHECK (kind IN ('whatsapp', 'email')),
    name          text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    -- The phone number id, or the e-mail address in lower case.
    address       text NOT NULL CHECK (char_length(address) BETWEEN 1 AND 254),
    -- The address that replies to e-mail come in by, in lower case.
    reply_address text CHECK (char_length(reply_address) BETWEEN 3 AND 254),
    -- The agent that answers what names nobody; NULL for none.
    agent         text CHECK (char_length(agent) BETWEEN 1 AND 64),
    -- What is sent when WhatsApp lets nothing else through.
    template_name     text CHECK (char_length(template_name) BETWEEN 1 AND 512),
    template_language text CHECK (char_length(template_language) BETWEEN 2 AND 20),
    -- Sealed by the server (AES-GCM) for this company and row; the key's id is in the text.
    secrets       text NOT NULL,
    enabled       boolean NOT NULL DEFAULT true,
    -- A paused channel sends nothing until somebody puts right what is wrong.
    status        text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'paused')),
    last_error    text CHECK (char_length(last_error) <= 500),
    version       integer NOT NULL DEFAULT 1,
    created_at    timestamptz(3) NOT NULL DEFAULT now(),
    updated_at    timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id),
    -- Webhooks name a channel before the company is known.
    CONSTRAINT channels_id_key UNIQUE (id),
    -- A number or an address belongs to one channel of one company on the whole server.
    CONSTRAINT channels_address_key UNIQUE (kind, address),
    CHECK ((template_name IS NULL) = (template_language IS NULL))
);

-- By what a customer is known on a platform; the same person for all of a company's numbers.
CREATE TABLE contact_identities (
    company_id  uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    platform    text NOT NULL CHECK (platform IN ('whatsapp', 'email')),
    kind        text NOT NULL CHECK (kind IN ('wa_id', 'bsuid', 'parent_bsuid', 'email')),
    value       text NOT NULL CHECK (char_length(value) BETWEEN 1 AND 254),
    customer_id uuid NOT NULL,
    valid_from  timestamptz(3) NOT NULL DEFAULT now(),
    -- What the provider says that it has become.
    replaced_by text CHECK (char_length(replaced_by) BETWEEN 1 AND 254),
    replaced_at timestamptz(3),
    PRIMARY KEY (company_id, platform, kind, value),
    FOREIGN KEY (company_id, customer_id) REFERENCES customers ON DELETE CASCADE
);
CREATE INDEX contact_identities_of_customer ON contact_identities (company_id, customer_id);

-- A customer on one channel.
CREATE TABLE channel_contacts (
    company_id      uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id              uuid NOT NULL,
    channel_id      uuid NOT NULL,
    customer_id     uuid NOT NULL,
    -- Where to write to them: the identity that was seen last.
    recipient_kind  text NOT NULL CHECK (recipient_kind IN ('wa_id', 'bsuid', 'email')),
    recipient       text NOT NULL CHECK (char_length(recipient) BETWEEN 1 AND 254),
    -- The conversation that what they write goes into.
    conversation_id uuid,
    -- When they wrote last: WhatsApp lets free words through for 24 hours after it.
    last_inbound_at timestamptz(3),
    -- When the template was sent last.
    template_at     timestamptz(3),
    created_at      timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id),
    CONSTRAINT channel_contacts_customer_key UNIQUE (company_id, channel_id, customer_id),
    FOREIGN KEY (company_id, channel_id) REFERENCES channels ON DELETE CASCADE,
    FOREIGN KEY (company_id, customer_id) REFERENCES customers ON DELETE CASCADE
);
CREATE INDEX channel_contacts_of_customer ON channel_contacts (company_id, customer_id);
CREATE INDEX channel_contacts_in ON channel_contacts (company_id, conversation_id) WHERE conversation_id IS NOT NULL;

-- Over which channel and to whom the words of a conversation go.
CREATE TABLE channel_conversations (
    company_id      uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    conversation_id uuid NOT NULL,
    channel_id      uuid NOT NULL,
    contact_id      uuid NOT NULL,
    -- The subject of its e-mails.
    subject         text CHECK (char_length(subject) <= 998),
    created_at      timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, conversation_id),
    FOREIGN KEY (company_id, channel_id) REFERENCES channels ON DELETE CASCADE,
    FOREIGN KEY (company_id, contact_id) REFERENCES channel_contacts ON DELETE CASCADE
);
CREATE INDEX channel_conversations_of_contact ON channel_conversations (company_id, contact_id);

ALTER TABLE channels ENABLE ROW LEVEL SECURITY;
ALTER TABLE channels FORCE ROW LEVEL SECURITY;
CREATE POLICY channels_of_company ON channels
    USING (company_id = app_company()) WITH CHECK (company_id = app_company());
CREATE POLICY channels_presented ON channels FOR SELECT USING ('channel:' || id::text = app_lookup());

ALTER TABLE contact_identities ENABLE ROW LEVEL SECURITY;
ALTER TABLE contact_identities FORCE ROW LEVEL SECURITY;
CREATE POLICY contact_identities_of_company ON contact_identities
    USING (company_id = app_company()) WITH CHECK (company_id = app_company());

ALTER TABLE channel_contacts ENABLE ROW LEVEL SECURITY;
ALTER TABLE channel_contacts FORCE ROW LEVEL SECURITY;
CREATE POLICY channel_contacts_of_company ON channel_contacts
    USING (company_id = app_company()) WITH CHECK (company_id = app_company());

ALTER TABLE channel_conversations ENABLE ROW LEVEL SECURITY;
ALTER TABLE channel_conversations FORCE ROW LEVEL SECURITY;
CREATE POLICY channel_conversations_of_company ON channel_conversations
    USING (company_id = app_company()) WITH CHECK (company_id = app_company());
