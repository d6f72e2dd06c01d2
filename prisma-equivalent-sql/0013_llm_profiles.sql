-- Language models that a company brought along: where they are, what they cost, and the key, which is sealed.

CREATE TABLE llm_profiles (
    company_id          uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id                  uuid NOT NULL,
    name                text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    base_url            text NOT NULL CHECK (char_length(base_url) BETWEEN 8 AND 500),
    -- Sealed for '<company id> <id>', so that it opens in this row only.
    api_key             text CHECK (char_length(api_key) <= 4000),
    api_key_hint        text CHECK (char_length(api_key_hint) <= 4),
    model               text NOT NULL CHECK (char_length(model) BETWEEN 1 AND 200),
    fallback_model      text CHECK (char_length(fallback_model) BETWEEN 1 AND 200),
    quirks              jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(quirks) = 'object'),
    -- Millionths of a US dollar for a million tokens.
    price_in_micros     bigint NOT NULL DEFAULT 0 CHECK (price_in_micros >= 0),
    price_out_micros    bigint NOT NULL DEFAULT 0 CHECK (price_out_micros >= 0),
    price_cached_micros bigint NOT NULL DEFAULT 0 CHECK (price_cached_micros >= 0),
    timeout_seconds     integer NOT NULL DEFAULT 60 CHECK (timeout_seconds BETWEEN 1 AND 120),
    enabled             boolean NOT NULL DEFAULT true,
    version             integer NOT NULL DEFAULT 1,
    created_at          timestamptz(3) NOT NULL DEFAULT now(),
    updated_at          timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id),
    CONSTRAINT llm_profiles_name_key UNIQUE (company_id, name)
);

ALTER TABLE llm_profiles ENABLE ROW LEVEL SECURITY;
ALTER TABLE llm_profiles FORCE ROW LEVEL SECURITY;
CREATE POLICY llm_profiles_of_company ON llm_profiles
    USING (company_id = app_company()) WITH CHECK (company_id = app_company());
