-- Where people are signed in. Tokens are stored as SHA-256 only.

CREATE TABLE sessions (
    id             uuid PRIMARY KEY,
    user_id        uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    -- The company new tokens name. Not a reference: it is compared with the memberships whenever it is used.
    active_company uuid,
    user_agent     text CHECK (char_length(user_agent) <= 512),
    ip             text CHECK (char_length(ip) <= 64),
    created_at     timestamptz(3) NOT NULL DEFAULT now(),
    last_seen_at   timestamptz(3) NOT NULL DEFAULT now(),
    expires_at     timestamptz(3) NOT NULL
);
CREATE INDEX sessions_of_user ON sessions (user_id, id);
CREATE INDEX sessions_by_end ON sessions (expires_at);

-- The refresh tokens of a session's family. At most one is unused; presenting a used one ends the session.
CREATE TABLE session_tokens (
    token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
    user_id    uuid NOT NULL,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    used_at    timestamptz(3)
);
CREATE UNIQUE INDEX session_tokens_unused ON session_tokens (session_id) WHERE used_at IS NULL;
CREATE INDEX session_tokens_of_session ON session_tokens (session_id, created_at);

-- A person as an OIDC provider knows him, and what other providers' tokens the server keeps for him, sealed.
CREATE TABLE oauth_accounts (
    id            uuid PRIMARY KEY,
    user_id       uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    issuer        text NOT NULL CHECK (char_length(issuer) BETWEEN 1 AND 500),
    subject       text NOT NULL CHECK (char_length(subject) BETWEEN 1 AND 255),
    email         text CHECK (char_length(email) <= 254),
    scopes        text[] NOT NULL DEFAULT '{}',
    access_token  text,
    refresh_token text,
    expires_at    timestamptz(3),
    created_at    timestamptz(3) NOT NULL DEFAULT now(),
    updated_at    timestamptz(3) NOT NULL DEFAULT now(),
    CONSTRAINT oauth_accounts_subject_key UNIQUE (issuer, subject)
);
CREATE INDEX oauth_accounts_of_user ON oauth_accounts (user_id);

ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE sessions FORCE ROW LEVEL SECURITY;
CREATE POLICY sessions_own ON sessions USING (user_id = app_user()) WITH CHECK (user_id = app_user());
CREATE POLICY sessions_expired ON sessions FOR ALL USING (app_sweeper() AND expires_at < now()) WITH CHECK (false);

ALTER TABLE session_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE session_tokens FORCE ROW LEVEL SECURITY;
CREATE POLICY session_tokens_own ON session_tokens USING (user_id = app_user()) WITH CHECK (user_id = app_user());
CREATE POLICY session_tokens_presented ON session_tokens FOR SELECT
    USING (token_hash = app_lookup_hash('refresh'));

ALTER TABLE oauth_accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE oauth_accounts FORCE ROW LEVEL SECURITY;
CREATE POLICY oauth_accounts_own ON oauth_accounts USING (user_id = app_user()) WITH CHECK (user_id = app_user());
CREATE POLICY oauth_accounts_presented ON oauth_accounts FOR SELECT
    USING ('oidc:' || issuer || ' ' || subject = app_lookup());
