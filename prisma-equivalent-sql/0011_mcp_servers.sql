-- A company's MCP servers, and their tools as they were last seen and as they were approved.

CREATE TABLE mcp_servers (
    company_id       uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id               uuid NOT NULL,
    name             text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    -- Part of the names under which models know the tools; without an underscore, which ends it there.
    slug             text NOT NULL CHECK (slug ~ '^[a-z][a-z0-9-]{0,9}$'),
    url              text NOT NULL CHECK (char_length(url) BETWEEN 1 AND 2000),
    auth_kind        text NOT NULL DEFAULT 'none' CHECK (auth_kind IN ('none', 'bearer', 'header')),
    auth_header      text CHECK (char_length(auth_header) BETWEEN 1 AND 64),
    -- Sealed by the server (AES-GCM) for this company and row; the key's id is in the text.
    secret           text,
    trusted          boolean NOT NULL DEFAULT false,
    approval         text NOT NULL DEFAULT 'always' CHECK (approval IN ('always', 'writes', 'never')),
    enabled          boolean NOT NULL DEFAULT true,
    timeout_seconds  integer NOT NULL DEFAULT 20 CHECK (timeout_seconds BETWEEN 1 AND 60),
    era              text NOT NULL DEFAULT 'unknown' CHECK (char_length(era) <= 20),
    protocol_version text CHECK (char_length(protocol_version) <= 20),
    health           text NOT NULL DEFAULT 'unknown' CHECK (health IN ('unknown', 'ok', 'failing')),
    last_error       text CHECK (char_length(last_error) <= 500),
    checked_at       timestamptz(3),
    fresh_until      timestamptz(3),
    created_by       uuid,
    version          integer NOT NULL DEFAULT 1,
    created_at       timestamptz(3) NOT NULL DEFAULT now(),
    updated_at       timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id),
    CONSTRAINT mcp_servers_slug_key UNIQUE (company_id, slug),
    CHECK ((auth_kind = 'none') = (secret IS NULL)),
    CHECK ((auth_kind = 'header') = (auth_header IS NOT NULL))
);

CREATE TABLE mcp_tools (
    company_id      uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    server_id       uuid NOT NULL,
    name            text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 128),
    exposed_name    text NOT NULL CHECK (char_length(exposed_name) BETWEEN 1 AND 64),
    description     text NOT NULL CHECK (char_length(description) <= 4000),
    input_schema    jsonb NOT NULL CHECK (jsonb_typeof(input_schema) = 'object'),
    annotations     jsonb NOT NULL CHECK (jsonb_typeof(annotations) = 'object'),
    definition_hash text NOT NULL CHECK (definition_hash ~ '^[0-9a-f]{64}$'),
    -- A tool works while both hashes are the same.
    approved_hash   text CHECK (approved_hash ~ '^[0-9a-f]{64}$'),
    approved_by     uuid,
    enabled         boolean NOT NULL DEFAULT true,
    -- Whether the server listed it last time.
    available       boolean NOT NULL DEFAULT true,
    created_at      timestamptz(3) NOT NULL DEFAULT now(),
    updated_at      timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, server_id, name),
    FOREIGN KEY (company_id, server_id) REFERENCES mcp_servers ON DELETE CASCADE
);

ALTER TABLE mcp_servers ENABLE ROW LEVEL SECURITY;
ALTER TABLE mcp_servers FORCE ROW LEVEL SECURITY;
CREATE POLICY mcp_servers_of_company ON mcp_servers
    USING (company_id = app_company()) WITH CHECK (company_id = app_company());

ALTER TABLE mcp_tools ENABLE ROW LEVEL SECURITY;
ALTER TABLE mcp_tools FORCE ROW LEVEL SECURITY;
CREATE POLICY mcp_tools_of_company ON mcp_tools
    USING (company_id = app_company()) WITH CHECK (company_id = app_company());
