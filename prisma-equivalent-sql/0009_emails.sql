-- A company's e-mail.

-- E-mail that came in, drafts, and what went out or is to go out. A mailbox is the company's own, which its members
-- share, or one member's.
CREATE TABLE emails (
    company_id   uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id           uuid NOT NULL,
    -- Whose mailbox it is in; NULL for the company's own.
    user_id      uuid,
    mailbox_id   uuid NOT NULL GENERATED ALWAYS AS (coalesce(user_id, company_id)) STORED,
    thread_id    uuid NOT NULL,
    -- Message-ID of RFC 5322 without angle brackets; the same mail twice in one mailbox is one mail.
    message_id   text NOT NULL CHECK (char_length(message_id) BETWEEN 1 AND 998),
    in_reply_to  text CHECK (char_length(in_reply_to) <= 998),
    reference_ids text[] NOT NULL DEFAULT '{}' CHECK (cardinality(reference_ids) <= 100),
    direction    text NOT NULL CHECK (direction IN ('inbound', 'outbound')),
    state        text NOT NULL CHECK (state IN ('received', 'draft', 'queued', 'sent', 'failed')),
    from_address text CHECK (char_length(from_address) <= 254),
    from_name    text CHECK (char_length(from_name) <= 200),
    to_addresses text[] NOT NULL DEFAULT '{}' CHECK (cardinality(to_addresses) <= 100),
    cc_addresses text[] NOT NULL DEFAULT '{}' CHECK (cardinality(cc_addresses) <= 100),
    subject      text NOT NULL DEFAULT '' CHECK (char_length(subject) <= 998),
    body         text NOT NULL DEFAULT '' CHECK (char_length(body) <= 100000),
    sent_at      timestamptz(3) NOT NULL,
    is_read      boolean NOT NULL DEFAULT false,
    -- Who wrote a draft. Nobody else sees it before it is sent.
    created_by   uuid,
    search       tsvector GENERATED ALWAYS AS (
                     setweight(search_words(subject), 'A')
                     || setweight(search_words(coalesce(from_name, '') || ' ' || coalesce(from_address, '')), 'B')
                     || search_words(left(body, 20000))) STORED,
    version      integer NOT NULL DEFAULT 1,
    created_at   timestamptz(3) NOT NULL DEFAULT now(),
    updated_at   timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, user_id) REFERENCES memberships ON DELETE CASCADE,
    CONSTRAINT emails_message_key UNIQUE (company_id, mailbox_id, message_id)
);
CREATE INDEX emails_by_date ON emails (company_id, mailbox_id, sent_at, id);
CREATE INDEX emails_of_thread ON emails (company_id, thread_id, sent_at);
CREATE INDEX emails_of_user ON emails (company_id, user_id) WHERE user_id IS NOT NULL;

ALTER TABLE emails ENABLE ROW LEVEL SECURITY;
ALTER TABLE emails FORCE ROW LEVEL SECURITY;
CREATE POLICY emails_of_company ON emails
    USING (company_id = app_company()) WITH CHECK (company_id = app_company());
