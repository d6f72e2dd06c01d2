# The private Postgres.
# shellcheck shell=bash disable=SC2154  # root, home come from common.sh

# Postgres refuses to run as root: then its own account runs it, in a folder that this account may enter.
as_postgres=()
if [ "$(id -u)" -eq 0 ]; then as_postgres=(setpriv --reuid postgres --regid postgres --init-groups); fi

# Sets data, the folder of the cluster.
find_postgres_data() {
    local kept
    data=$home/postgres
    kept=$(value_in "$home/ports" postgres_data)
    if [ -n "$kept" ]; then
        data=$kept
    elif [ "$(id -u)" -eq 0 ]; then
        id postgres >/dev/null 2>&1 || die "Postgres does not run as root, and there is no account named postgres." \
            "Create it (useradd --system postgres) or run this as another user."
        if ! "${as_postgres[@]}" test -x "$home"; then
            # Not by the checkout's folder: one made anew in the same place has other passwords.
            data=/var/lib/switchboard
            mkdir -p "$data" 2>/dev/null || data=${TMPDIR:-/tmp}
            data=$(mktemp -d "$data/postgres.XXXXXX")
            chmod 755 "$data"
            data=$data/postgres
            say "The account postgres may not enter $home: its data goes to $data"
        fi
        set_value "$home/ports" postgres_data "$data"
    fi
}

admin_psql() { PGPASSWORD=$(secret PG_ADMIN_PASSWORD) psql -X -v ON_ERROR_STOP=1 -qAt -h 127.0.0.1 -p "$1" -U postgres "${@:2}"; }

start_postgres() {
    local port=$1 deadline lock_pid
    # After a crash the lock file may name a pid that now is another process; Postgres would then refuse to start.
    if [ -r "$data/postmaster.pid" ]; then
        read -r lock_pid <"$data/postmaster.pid"
        [ "$(readlink "/proc/$lock_pid/cwd" 2>/dev/null)" = "$data" ] || rm -f "$data/postmaster.pid"
    fi
    launch postgres "${as_postgres[@]}" "$bin/postgres" -D "$data" -p "$port" -c listen_addresses=127.0.0.1 \
        -c unix_socket_directories= -c max_connections=400 -c shared_buffers=128MB -c timezone=UTC -c log_timezone=UTC \
        -c fsync="${POSTGRES_FSYNC:-on}"
    deadline=$(($(now) + 60000))
    while [ "$(now)" -lt "$deadline" ]; do
        if [ -z "$(pid_of postgres)" ]; then
            port_lost postgres && return 2
            return 1
        fi
        # Another server on this port would not know the password.
        [ "$(admin_psql "$port" -c 'show data_directory' 2>/dev/null)" = "$data" ] && return 0
        sleep 0.1
    done
    return 1
}

# Two logins: the owner of the schema, and the one the server uses, which owns nothing and obeys row security.
postgres_roles() {
    admin_psql "$1" -v owner="$(secret PG_OWNER_PASSWORD)" -v app="$(secret PG_APP_PASSWORD)" <<'SQL'
SELECT 'CREATE ROLE ' || name FROM unnest(ARRAY['switchboard_owner', 'switchboard_app']) AS name
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE switchboard_owner LOGIN NOSUPERUSER NOBYPASSRLS CREATEDB CREATEROLE PASSWORD :'owner';
ALTER ROLE switchboard_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD :'app';
SELECT 'CREATE DATABASE switchboard OWNER switchboard_owner'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'switchboard') \gexec
SQL
}

up_postgres() {
    local data bin
    find_postgres_data
    bin=$(postgres_bin "$data") || die "No PostgreSQL server fits: none is installed, or not the version of $data." \
        "Run script/bootstrap, or script/services reset to begin with empty data."
    if [ ! -r "$data/PG_VERSION" ] && ! "${as_postgres[@]}" test -r "$data/PG_VERSION"; then
        rm -rf "$data"
        mkdir -p "$data"
        [ "$(id -u)" -ne 0 ] || chown postgres: "$data"
        chmod 700 "$data"
        # The password reaches initdb in a short-lived file of the same account, not in the list of processes.
        # shellcheck disable=SC2016  # expanded by the inner shell
        secret PG_ADMIN_PASSWORD | "${as_postgres[@]}" sh -c '
            umask 077
            file=$(mktemp) || exit 1
            trap "rm -f $file" EXIT
            cat >"$file"
            "$1/initdb" -D "$2" -U postgres -A scram-sha-256 --pwfile="$file" -E UTF8 --locale=C.UTF-8
        ' sh "$bin" "$data" >"$home/log/initdb.log" 2>&1 || {
            tail -n 15 "$home/log/initdb.log" >&2
            die "initdb failed."
        }
    fi
    start_on_free_port postgres 55432 start_postgres || return 1
    postgres_roles "$(value_in "$home/ports" postgres)"
}
