-- Calendars of members and of companies.

CREATE TABLE calendar_events (
    company_id  uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id          uuid NOT NULL,
    -- Whose calendar it is in; NULL for the company's own.
    user_id     uuid,
    title       text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
    starts_at   timestamptz(3) NOT NULL,
    ends_at     timestamptz(3) NOT NULL,
    time_zone   text NOT NULL CHECK (char_length(time_zone) BETWEEN 1 AND 64),
    guests      text[] NOT NULL DEFAULT '{}' CHECK (cardinality(guests) <= 50),
    location    text CHECK (char_length(location) <= 500),
    notes       text CHECK (char_length(notes) <= 4000),
    status      text NOT NULL DEFAULT 'confirmed' CHECK (status IN ('confirmed', 'cancelled')),
    -- Where there is a copy: a linked account, and the event's id there. The account may have been unlinked since.
    account_id  uuid,
    external_id text CHECK (char_length(external_id) <= 1024),
    version     integer NOT NULL DEFAULT 1,
    created_at  timestamptz(3) NOT NULL DEFAULT now(),
    updated_at  timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, user_id) REFERENCES memberships ON DELETE CASCADE,
    -- Whoever looks for what is under way looks back no further than this.
    CHECK (ends_at > starts_at AND ends_at <= starts_at + interval '744 hours')
);
CREATE INDEX calendar_events_by_start ON calendar_events (company_id, user_id, starts_at);

ALTER TABLE calendar_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE calendar_events FORCE ROW LEVEL SECURITY;
CREATE POLICY calendar_events_of_company ON calendar_events
    USING (company_id = app_company()) WITH CHECK (company_id = app_company());
