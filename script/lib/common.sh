# Shared by the scripts of this folder; sourced, not run.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
# Everything the scripts create lies here (git ignores it); only Postgres data of root may lie elsewhere.
home=$root/.services
service_keys=(DATABASE_URL DIRECT_URL MONGODB_URI REDIS_URL)

# A terminal that was closed must not keep a script from cleaning up.
say() { printf '==> %s\n' "$*" || true; }
warn() { printf 'warning: %s\n' "$*" >&2 || true; }
die() {
    printf 'error: %s\n' "$1" >&2
    shift
    [ $# -eq 0 ] || printf '       %s\n' "$@" >&2
    exit 1
}
# The comment at the head of the script.
usage() { sed -n '2,/^set -euo/p' "$0" | sed -n 's/^# \{0,1\}//p'; }
have() { command -v "$1" >/dev/null 2>&1; }

# Milliseconds since some moment, and the time passed since such a value as "1.2 s".
now() { echo "$((${EPOCHREALTIME/[.,]/} / 1000))"; }
since() {
    local ms=$(($(now) - $1))
    printf '%d.%d s' $((ms / 1000)) $((ms % 1000 / 100))
}

# The value of KEY in a file of KEY=value lines (last one wins; surrounding quotes are taken off), or nothing.
value_in() {
    local file=$1 key=$2 line value=''
    [ -r "$file" ] || return 0
    while IFS= read -r line || [ -n "$line" ]; do
        line=${line#"${line%%[![:space:]]*}"}
        line=${line#export }
        [[ $line == "$key="* ]] || continue
        value=${line#*=}
        if [[ $value =~ ^\"(.*)\"[[:space:]]*$ || $value =~ ^\'(.*)\'[[:space:]]*$ ]]; then value=${BASH_REMATCH[1]}; fi
    done <"$file"
    printf '%s' "$value"
}

# What the caller set for KEY: in the environment, else in .env.
setting() {
    if [ -n "${!1:-}" ]; then printf '%s' "${!1}"; else value_in "$root/.env" "$1"; fi
}

# True when the caller points KEY at a service of their own. The address of our own private service, for instance
# from a shell that has read .services/env, does not count.
given() {
    local value
    value=$(setting "$1")
    [ -n "$value" ] && [ "$value" != "$(value_in "$home/addresses" "$1")" ]
}

# Takes addresses of our own private services out of the environment, for instance of a shell that has read
# .services/env: after a restart they may be others.
forget_own_addresses() {
    local key
    for key in "${service_keys[@]}"; do
        given "$key" || [ -n "$(value_in "$root/.env" "$key")" ] || unset "$key"
    done
}

# Exports what .services/env says, except what the environment or .env already sets.
load_services() {
    local line key own_postgres=true
    if given DATABASE_URL; then
        own_postgres=false
    elif given DIRECT_URL; then
        die "DIRECT_URL is set but DATABASE_URL is not: they name the same database, so set both or neither."
    fi
    while IFS= read -r line; do
        key=${line%%=*}
        if [ "$key" = DIRECT_URL ] && ! $own_postgres; then continue; fi
        [ -n "$(setting "$key")" ] || export "$key=${line#*=}"
    done <"$home/env"
    if [ -z "$(setting DIRECT_URL)" ]; then
        DIRECT_URL=$(setting DATABASE_URL)
        export DIRECT_URL
    fi
}

# Keeps the stores up as long as this script runs, and ends those that it started however it ends. To the end itself
# further signals are deaf; a kill -9 is made good by the next script that uses them.
hold_services() {
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    trap "trap '' INT TERM HUP PIPE; script/services release $$" EXIT
    script/services up --for $$
    load_services
}

# psql_url URL [psql arguments…]: psql without the password in the list of processes.
psql_url() {
    local url=$1 password=''
    shift
    if [[ $url =~ ^(postgres(ql)?://[^:/@]*):([^@/]*)@(.*)$ ]]; then
        url=${BASH_REMATCH[1]}@${BASH_REMATCH[4]}
        password=${BASH_REMATCH[3]//\\/\\\\}
        printf -v password '%b' "${password//%/\\x}"
        PGPASSWORD=$password psql -X -v ON_ERROR_STOP=1 -qAt -d "$url" "$@"
    else
        psql -X -v ON_ERROR_STOP=1 -qAt -d "$url" "$@"
    fi
}

# Lets the runtime login act as switchboard_runtime, the role that the schema gives its rights to. Can be repeated,
# and may come before the first migration: roles belong to the server, not to a database.
grant_runtime() {
    local runtime_url owner_url login owner
    runtime_url=$(setting DATABASE_URL)
    owner_url=$(setting DIRECT_URL)
    owner_url=${owner_url:-$runtime_url}
    login=$(psql_url "$runtime_url" -c 'select current_user') || die "Cannot sign in to Postgres with DATABASE_URL."
    owner=$(psql_url "$owner_url" -c 'select current_user') || die "Cannot sign in to Postgres with DIRECT_URL."
    if [ "$login" = "$owner" ]; then
        warn "DATABASE_URL and DIRECT_URL are the same role ($login): row security is then not guarded by the role." \
            "Give the server a login of its own that owns nothing; see docs/operations.md."
        return 0
    fi
    psql_url "$owner_url" -v login="$login" <<'SQL'
SELECT 'CREATE ROLE switchboard_runtime NOLOGIN'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'switchboard_runtime') \gexec
SELECT format('GRANT switchboard_runtime TO %I', :'login')
 WHERE NOT pg_has_role(:'login', 'switchboard_runtime', 'member') \gexec
SQL
}

# The folder of initdb and postgres: of the version that the data in $1 was made with, else the newest.
postgres_bin() {
    local version='' folder found=''
    [ ! -r "${1:-/nonexistent}/PG_VERSION" ] || read -r version <"$1/PG_VERSION"
    for folder in ${POSTGRES_BIN:+"$POSTGRES_BIN"} $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV) \
        "$(dirname "$(command -v initdb || echo /nonexistent/initdb)")"; do
        if [ ! -x "$folder/initdb" ] || [ ! -x "$folder/postgres" ]; then continue; fi
        if [ -n "$version" ] && [[ "$("$folder/postgres" --version) " != *" $version"[.\ ]* ]]; then continue; fi
        found=$folder
        break
    done
    [ -n "$found" ] && printf '%s' "$found"
}

# A python3 that has pip.
pip_command() {
    local python
    for python in python3 /usr/bin/python3; do
        if "$python" -c 'import pip' 2>/dev/null; then
            printf '%s' "$python"
            return 0
        fi
    done
    return 1
}
