-- The role the server acts as, what it may do, and the settings that row-level security looks at.
--
-- The server signs in as a login role that is a member of switchboard_runtime:
--     GRANT switchboard_runtime TO the_login_role;
-- It owns nothing and cannot bypass row security. Tables belong to whoever migrates.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'switchboard_runtime') THEN
        CREATE ROLE switchboard_runtime NOLOGIN;
    END IF;
EXCEPTION
    -- Roles belong to the cluster: another database's migration was faster.
    WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

GRANT USAGE ON SCHEMA public TO switchboard_runtime;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO switchboard_runtime;

DO $$
BEGIN
    IF to_regclass('public.schema_version') IS NOT NULL THEN
        REVOKE ALL ON public.schema_version FROM switchboard_runtime;
        GRANT SELECT ON public.schema_version TO switchboard_runtime;
    END IF;
END $$;

-- Guards for sessions that hang, for everybody who connects to this database. The server's own deadlines are shorter.
DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I SET statement_timeout = %L', current_database(), '60s');
    EXECUTE format('ALTER DATABASE %I SET lock_timeout = %L', current_database(), '10s');
    EXECUTE format('ALTER DATABASE %I SET idle_in_transaction_session_timeout = %L', current_database(), '60s');
EXCEPTION
    WHEN insufficient_privilege THEN
        RAISE NOTICE 'not the owner of the database: set statement_timeout, lock_timeout and '
            'idle_in_transaction_session_timeout for the runtime role yourself';
END $$;

-- Transaction-local settings. After a transaction a setting reads as '', before the first one as NULL; both mean
-- "nobody" and match no row.

-- The company on whose behalf the transaction acts.
CREATE FUNCTION app_company() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.company_id', true), '')::uuid;

-- The person on whose behalf it acts.
CREATE FUNCTION app_user() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.user_id', true), '')::uuid;

-- The secret or name that is presented before company or person are known, as 'kind:value'. It opens exactly the row
-- it names: 'key:<hash>' an API key, 'widget:<key>' a company, 'refresh:<hash>' a session's token,
-- 'email:<address>' a person, 'oidc:<issuer> <subject>' a linked account.
CREATE FUNCTION app_lookup() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.lookup', true), '');

-- The hash in app_lookup when it is of this kind.
CREATE FUNCTION app_lookup_hash(kind text) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN starts_with(app_lookup(), kind || ':')
                THEN decode(substr(app_lookup(), length(kind) + 2), 'hex') END;

-- Whether this is the sweeper, which finishes deletions and removes what has expired.
CREATE FUNCTION app_sweeper() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(current_setting('app.sweeper', true), '') = 'on';
