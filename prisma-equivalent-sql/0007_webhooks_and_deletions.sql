-- Where a company wants to be told of events, and what is still to be removed from the other stores.

CREATE TABLE webhooks (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id         uuid NOT NULL,
    url        text NOT NULL CHECK (char_length(url) <= 2000 AND url LIKE 'http%'),
    events     text[] NOT NULL CHECK (cardinality(events) BETWEEN 1 AND 100),
    -- Sealed by the server (AES-GCM); the key's id is in the text.
    secret     text NOT NULL,
    active     boolean NOT NULL DEFAULT true,
    version    integer NOT NULL DEFAULT 1,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    updated_at timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id)
);

-- Written in the transaction that deletes a customer or company, removed when MongoDB and Redis are clean. No reference
-- to companies: it outlives them.
CREATE TABLE deletions (
    company_id uuid NOT NULL,
    id         uuid NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('company', 'customer')),
    target_id  uuid NOT NULL,
    attempts   integer NOT NULL DEFAULT 0,
    due_at     timestamptz(3) NOT NULL DEFAULT now(),
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id)
);
CREATE INDEX deletions_due ON deletions (due_at);

ALTER TABLE webhooks ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhooks FORCE ROW LEVEL SECURITY;
CREATE POLICY webhooks_of_company ON webhooks
    USING (company_id = app_company()) WITH CHECK (company_id = app_company());

ALTER TABLE deletions ENABLE ROW LEVEL SECURITY;
ALTER TABLE deletions FORCE ROW LEVEL SECURITY;
CREATE POLICY deletions_of_company ON deletions
    USING (company_id = app_company()) WITH CHECK (company_id = app_company());
CREATE POLICY deletions_swept ON deletions USING (app_sweeper()) WITH CHECK (app_sweeper());
