-- Accounts outside Switchboard that members link for use in one company, beside the identities people sign in with.

-- NULL for an identity to sign in with; else the company in which the account may be used.
ALTER TABLE oauth_accounts ADD COLUMN company_id uuid;
ALTER TABLE oauth_accounts ADD COLUMN status text NOT NULL DEFAULT 'active'
    CHECK (status IN ('active', 'reconnect'));
ALTER TABLE oauth_accounts ADD COLUMN last_error text CHECK (char_length(last_error) <= 200);
-- Until when one process refreshes the tokens and the others wait.
ALTER TABLE oauth_accounts ADD COLUMN refreshing_until timestamptz(3);
-- Counts the tokens: a refresh is for the tokens it has seen.
ALTER TABLE oauth_accounts ADD COLUMN version integer NOT NULL DEFAULT 1;

ALTER TABLE oauth_accounts DROP CONSTRAINT oauth_accounts_subject_key;
CREATE UNIQUE INDEX oauth_accounts_subject_key ON oauth_accounts (issuer, subject) WHERE company_id IS NULL;
ALTER TABLE oauth_accounts ADD CONSTRAINT oauth_accounts_linked_key UNIQUE (company_id, user_id, issuer, subject);
ALTER TABLE oauth_accounts ADD CONSTRAINT oauth_accounts_membership_fkey
    FOREIGN KEY (company_id, user_id) REFERENCES memberships ON DELETE CASCADE;

DROP POLICY oauth_accounts_own ON oauth_accounts;
CREATE POLICY oauth_accounts_own ON oauth_accounts
    USING (user_id = app_user() AND (company_id IS NULL OR company_id = app_company()))
    WITH CHECK (user_id = app_user() AND (company_id IS NULL OR company_id = app_company()));
DROP POLICY oauth_accounts_presented ON oauth_accounts;
CREATE POLICY oauth_accounts_presented ON oauth_accounts FOR SELECT
    USING (company_id IS NULL AND 'oidc:' || issuer || ' ' || subject = app_lookup());

-- Consents under way. A row is used once: whoever presents the state takes it away.
CREATE TABLE oauth_states (
    state_hash  bytea PRIMARY KEY CHECK (octet_length(state_hash) = 32),
    company_id  uuid NOT NULL,
    user_id     uuid NOT NULL,
    -- The browser that began has the other half in a cookie.
    cookie_hash bytea NOT NULL CHECK (octet_length(cookie_hash) = 32),
    -- Sealed by the server (AES-GCM): the PKCE verifier.
    verifier    text NOT NULL,
    return_to   text CHECK (char_length(return_to) <= 500),
    expires_at  timestamptz(3) NOT NULL,
    FOREIGN KEY (company_id, user_id) REFERENCES memberships ON DELETE CASCADE
);
CREATE INDEX oauth_states_of_user ON oauth_states (company_id, user_id, expires_at);

ALTER TABLE oauth_states ENABLE ROW LEVEL SECURITY;
ALTER TABLE oauth_states FORCE ROW LEVEL SECURITY;
CREATE POLICY oauth_states_of_company ON oauth_states
    USING (company_id = app_company()) WITH CHECK (company_id = app_company());
CREATE POLICY oauth_states_presented ON oauth_states
    USING (state_hash = app_lookup_hash('state')) WITH CHECK (false);
