-- Times that customers asked for through agents. A requested time is held until a member decides; a confirmed one is an
-- event of a calendar.

CREATE TABLE bookings (
    company_id      uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id              uuid NOT NULL,
    status          text NOT NULL DEFAULT 'requested'
                    CHECK (status IN ('requested', 'confirmed', 'declined', 'cancelled')),
    starts_at       timestamptz(3) NOT NULL,
    ends_at         timestamptz(3) NOT NULL,
    time_zone       text NOT NULL CHECK (char_length(time_zone) BETWEEN 1 AND 64),
    customer_id     uuid,
    conversation_id uuid,
    agent_name      text NOT NULL CHECK (char_length(agent_name) BETWEEN 1 AND 32),
    name            text CHECK (char_length(name) BETWEEN 1 AND 200),
    contact         text CHECK (char_length(contact) BETWEEN 1 AND 254),
    note            text CHECK (char_length(note) BETWEEN 1 AND 500),
    language        text NOT NULL DEFAULT 'en' CHECK (language IN ('en', 'es')),
    -- Whose calendar it is for; NULL for the company's own.
    user_id         uuid,
    decided_by      uuid,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz(3) NOT NULL DEFAULT now(),
    updated_at      timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, customer_id) REFERENCES customers ON DELETE CASCADE,
    CHECK (ends_at > starts_at AND ends_at <= starts_at + interval '8 hours')
);
CREATE INDEX bookings_of_customer ON bookings (company_id, customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX bookings_requested ON bookings (company_id, starts_at) WHERE status = 'requested';

ALTER TABLE bookings ENABLE ROW LEVEL SECURITY;
ALTER TABLE bookings FORCE ROW LEVEL SECURITY;
CREATE POLICY bookings_of_company ON bookings
    USING (company_id = app_company()) WITH CHECK (company_id = app_company());
