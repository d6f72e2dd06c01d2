-- Products, customers, sales.

-- Lower case without the accents of western languages, the same under every locale of the database.
CREATE FUNCTION fold(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN lower(translate(words,
        'ÁÀÂÄÃÅÉÈÊËÍÌÎÏÓÒÔÖÕØÚÙÛÜÑÇÝáàâäãåéèêëíìîïóòôöõøúùûüñçýÿ',
        'AAAAAAEEEEIIIIOOOOOOUUUUNCYaaaaaaeeeeiiiioooooouuuuncyy'));

-- The lexemes of a text as it stands and by its English and Spanish stems.
CREATE FUNCTION search_words(words text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN to_tsvector('pg_catalog.simple', fold(coalesce(words, '')))
        || to_tsvector('pg_catalog.english', fold(coalesce(words, '')))
        || to_tsvector('pg_catalog.spanish', fold(coalesce(words, '')));

-- A query for every (or any) of the words of a text, each as a beginning of three letters or more, and by its stems.
-- Stop words of either language do not count, unless there is nothing else. At most 16 words. No word at all: a query
-- that finds nothing.
-- Told about stop words, the server would send a notice for each.
CREATE FUNCTION search_query(words text, every boolean) RETURNS tsquery LANGUAGE sql STABLE PARALLEL SAFE
    SET client_min_messages = warning AS $$
    WITH word AS MATERIALIZED (
        SELECT lexeme,
               length(to_tsvector('pg_catalog.english', lexeme)) = 0
                   OR length(to_tsvector('pg_catalog.spanish', lexeme)) = 0 AS stop,
               quote_literal(lexeme) AS term, CASE WHEN char_length(lexeme) > 2 THEN ':*' ELSE '' END AS beginning
          FROM unnest(to_tsvector('pg_catalog.simple', left(fold(words), 1000))) AS lexemes
         ORDER BY positions[1]
    ), chosen AS (
        SELECT concat_ws(' | ',
                   to_tsquery('pg_catalog.simple', term || beginning)::text,
                   nullif(to_tsquery('pg_catalog.english', term)::text, ''),
                   nullif(to_tsquery('pg_catalog.spanish', term)::text, '')) AS alternatives
          FROM word
         WHERE NOT stop OR NOT EXISTS (SELECT FROM word WHERE NOT stop)
         LIMIT 16
    )
    SELECT coalesce(string_agg('(' || alternatives || ')', CASE WHEN every THEN ' & ' ELSE ' | ' END), '')::tsquery
      FROM chosen
$$;

CREATE TABLE products (
    company_id  uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id          uuid NOT NULL,
    name        text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    description text CHECK (char_length(description) <= 10000),
    sku         text CHECK (char_length(sku) BETWEEN 1 AND 100),
    price_cents bigint NOT NULL CHECK (price_cents BETWEEN 0 AND 1000000000000),
    currency    text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    active      boolean NOT NULL DEFAULT true,
    metadata    jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
    -- Without an index: @@ is not leakproof, so that row-level security keeps it from being looked up in one. A search
    -- reads the company's own products, found by the primary key, about 5 µs each.
    search      tsvector GENERATED ALWAYS AS (
                    setweight(search_words(name), 'A') || setweight(search_words(sku), 'A')
                    || setweight(search_words(description), 'C')) STORED,
    version     integer NOT NULL DEFAULT 1,
    created_at  timestamptz(3) NOT NULL DEFAULT now(),
    updated_at  timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id),
    CONSTRAINT products_sku_key UNIQUE (company_id, sku)
);

CREATE TABLE customers (
    company_id  uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id          uuid NOT NULL,
    external_id text CHECK (char_length(external_id) BETWEEN 1 AND 255),
    name        text CHECK (char_length(name) BETWEEN 1 AND 200),
    email       text CHECK (char_length(email) BETWEEN 3 AND 254),
    phone       text CHECK (char_length(phone) BETWEEN 1 AND 40),
    search      text GENERATED ALWAYS AS (
                    fold(coalesce(name, '') || ' ' || coalesce(email, '') || ' ' || coalesce(phone, ''))) STORED,
    metadata    jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
    version     integer NOT NULL DEFAULT 1,
    created_at  timestamptz(3) NOT NULL DEFAULT now(),
    updated_at  timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id),
    CONSTRAINT customers_external_id_key UNIQUE (company_id, external_id)
);

CREATE TABLE sales (
    company_id      uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id              uuid NOT NULL,
    customer_id     uuid NOT NULL,
    -- NULL once the product is gone.
    product_id      uuid,
    quantity        bigint NOT NULL CHECK (quantity BETWEEN 1 AND 1000000),
    amount_cents    bigint NOT NULL CHECK (amount_cents BETWEEN 0 AND 1000000000000),
    currency        text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    status          text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'paid', 'cancelled', 'refunded')),
    conversation_id uuid,
    metadata        jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz(3) NOT NULL DEFAULT now(),
    updated_at      timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id),
    CONSTRAINT sales_customer_fkey FOREIGN KEY (company_id, customer_id) REFERENCES customers ON DELETE CASCADE,
    CONSTRAINT sales_product_fkey FOREIGN KEY (company_id, product_id) REFERENCES products
);
CREATE INDEX sales_of_customer ON sales (company_id, customer_id, id);
CREATE INDEX sales_of_product ON sales (company_id, product_id, id);

ALTER TABLE products ENABLE ROW LEVEL SECURITY;
ALTER TABLE products FORCE ROW LEVEL SECURITY;
CREATE POLICY products_of_company ON products
    USING (company_id = app_company()) WITH CHECK (company_id = app_company());

ALTER TABLE customers ENABLE ROW LEVEL SECURITY;
ALTER TABLE customers FORCE ROW LEVEL SECURITY;
CREATE POLICY customers_of_company ON customers
    USING (company_id = app_company()) WITH CHECK (company_id = app_company());

ALTER TABLE sales ENABLE ROW LEVEL SECURITY;
ALTER TABLE sales FORCE ROW LEVEL SECURITY;
CREATE POLICY sales_of_company ON sales
    USING (company_id = app_company()) WITH CHECK (company_id = app_company());
