-- What a company pays for, and the keys of its programs.

CREATE TABLE subscriptions (
    company_id uuid PRIMARY KEY REFERENCES companies ON DELETE CASCADE,
    plan       text NOT NULL DEFAULT 'free' CHECK (plan IN ('free', 'pro', 'business')),
    status     text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'trialing', 'past_due', 'cancelled')),
    version    integer NOT NULL DEFAULT 1,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    updated_at timestamptz(3) NOT NULL DEFAULT now()
);

CREATE FUNCTION copy_subscription_to_company() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE companies
       SET subscription_plan = NEW.plan, subscription_status = NEW.status, version = version + 1, updated_at = now()
     WHERE id = NEW.company_id AND (subscription_plan, subscription_status) <> (NEW.plan, NEW.status);
    RETURN NULL;
END $$;
CREATE TRIGGER subscriptions_copy AFTER INSERT OR UPDATE ON subscriptions
    FOR EACH ROW EXECUTE FUNCTION copy_subscription_to_company();

CREATE TABLE api_keys (
    company_id   uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id           uuid NOT NULL,
    name         text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    prefix       text NOT NULL CHECK (char_length(prefix) BETWEEN 8 AND 24),
    -- SHA-256 of the whole key, which has 256 random bits.
    key_hash     bytea NOT NULL CONSTRAINT api_keys_hash_key UNIQUE CHECK (octet_length(key_hash) = 32),
    scopes       text[] NOT NULL CHECK (cardinality(scopes) BETWEEN 1 AND 100),
    created_by   uuid,
    expires_at   timestamptz(3),
    last_used_at timestamptz(3),
    created_at   timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id)
);

ALTER TABLE subscriptions ENABLE ROW LEVEL SECURITY;
ALTER TABLE subscriptions FORCE ROW LEVEL SECURITY;
CREATE POLICY subscriptions_of_company ON subscriptions
    USING (company_id = app_company()) WITH CHECK (company_id = app_company());

ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY api_keys_of_company ON api_keys
    USING (company_id = app_company()) WITH CHECK (company_id = app_company());
CREATE POLICY api_keys_presented ON api_keys FOR SELECT
    USING (key_hash = app_lookup_hash('key'));
-- A key opens the row of its own company, so that one look-up answers both.
CREATE POLICY companies_by_key ON companies FOR SELECT
    USING (id IN (SELECT company_id FROM api_keys WHERE key_hash = app_lookup_hash('key')));
