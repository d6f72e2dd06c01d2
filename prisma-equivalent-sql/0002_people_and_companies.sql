-- Companies, the people who sign in, and who belongs where.

CREATE TABLE companies (
    id                  uuid PRIMARY KEY,
    name                text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    industry            text CHECK (char_length(industry) <= 200),
    brand_personality   text CHECK (char_length(brand_personality) <= 4000),
    active              boolean NOT NULL DEFAULT true,
    -- Copies of what subscriptions says, kept by its trigger, because every answer about a company shows them.
    subscription_plan   text NOT NULL DEFAULT 'free',
    subscription_status text NOT NULL DEFAULT 'active',
    widget_key          text NOT NULL CONSTRAINT companies_widget_key_key UNIQUE CHECK (widget_key LIKE 'sb\_pub\_%'),
    -- Sealed by the server (AES-GCM); the key's id is in the text.
    widget_secret       text NOT NULL,
    settings            jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(settings) = 'object'),
    version             integer NOT NULL DEFAULT 1,
    created_at          timestamptz(3) NOT NULL DEFAULT now(),
    updated_at          timestamptz(3) NOT NULL DEFAULT now()
);

CREATE TABLE users (
    id             uuid PRIMARY KEY,
    -- Lower case, so that it is unique without regard to case and found by plain equality: an index on lower(email)
    -- is of no use under row-level security, because lower() is not leakproof. NULL for a person an OIDC provider
    -- vouches for without an address.
    email          text CONSTRAINT users_email_key UNIQUE
                   CHECK (email = lower(email) AND char_length(email) BETWEEN 3 AND 254),
    password_hash  text,
    name           text CHECK (char_length(name) <= 200),
    username       text CHECK (char_length(username) <= 100),
    email_verified boolean NOT NULL DEFAULT false,
    status         text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled')),
    version        integer NOT NULL DEFAULT 1,
    created_at     timestamptz(3) NOT NULL DEFAULT now(),
    updated_at     timestamptz(3) NOT NULL DEFAULT now()
);

CREATE TABLE memberships (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    role       text NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
    version    integer NOT NULL DEFAULT 1,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    updated_at timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, user_id)
);
CREATE INDEX memberships_by_join ON memberships (company_id, created_at, user_id);
CREATE INDEX memberships_of_user ON memberships (user_id);

ALTER TABLE memberships ENABLE ROW LEVEL SECURITY;
ALTER TABLE memberships FORCE ROW LEVEL SECURITY;
CREATE POLICY memberships_of_company ON memberships
    USING (company_id = app_company()) WITH CHECK (company_id = app_company());
CREATE POLICY memberships_own ON memberships FOR SELECT USING (user_id = app_user());

ALTER TABLE companies ENABLE ROW LEVEL SECURITY;
ALTER TABLE companies FORCE ROW LEVEL SECURITY;
CREATE POLICY companies_current ON companies
    USING (id = app_company()) WITH CHECK (id = app_company());
CREATE POLICY companies_own ON companies FOR SELECT
    USING (id IN (SELECT company_id FROM memberships WHERE user_id = app_user()));
CREATE POLICY companies_by_widget ON companies FOR SELECT USING ('widget:' || widget_key = app_lookup());

-- People belong to no company: a person sees himself, and a company its members.
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
CREATE POLICY users_self ON users USING (id = app_user()) WITH CHECK (id = app_user());
CREATE POLICY users_of_company ON users FOR SELECT
    USING (id IN (SELECT user_id FROM memberships WHERE company_id = app_company()));
CREATE POLICY users_by_email ON users FOR SELECT USING ('email:' || email = app_lookup());
