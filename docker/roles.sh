#!/bin/sh
# Runs once, on an empty database: the owner of the schema, and the server's login that owns nothing and obeys row
# security. switchboard_runtime is the role that the schema gives its rights to.
set -eu
psql -X -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -v owner="$OWNER_PASSWORD" -v app="$APP_PASSWORD" <<'SQL'
CREATE ROLE switchboard_owner LOGIN CREATEDB CREATEROLE PASSWORD :'owner';
CREATE ROLE switchboard_app LOGIN PASSWORD :'app';
SET ROLE switchboard_owner;
CREATE ROLE switchboard_runtime NOLOGIN;
GRANT switchboard_runtime TO switchboard_app;
RESET ROLE;
CREATE DATABASE switchboard OWNER switchboard_owner;
SQL
