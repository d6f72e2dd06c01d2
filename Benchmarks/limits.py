"""What the machine and each store can do at most, measured without Switchboard in between."""
import hashlib, json, os, re, subprocess, tempfile
from urllib.parse import urlsplit, unquote

from load import Target
from processes import free_port, wait_for


def http(processes, binary, page, folder):
    """Hummingbird alone, as a target."""
    file = os.path.join(folder, "page.json")
    with open(file, "wb") as output:
        output.write(page)
    port = free_port()
    pid = processes.start("http-limit", [binary, str(port), file])
    wait_for(f"http://127.0.0.1:{port}/constant")
    get = lambda path: [("GET", path, "none", "", "")]
    return Target("hummingbird", port, {"server": pid}, {"constant": get("/constant"), "page": get("/page")})


def mongo_insert(program, url, seconds):
    """Messages a second that C inserts durably, in bulks of 100 on two threads."""
    done = subprocess.run(
        [program, "insert", url, str(seconds), "2", "100"], capture_output=True, text=True, check=True, timeout=seconds + 60)
    return json.loads(done.stdout)


def limiter_script(root):
    """The script of the limiter, out of the source, as the server sends it."""
    with open(os.path.join(root, "Sources/Cache/Limits/LimiterScript.swift")) as file:
        source = file.read()
    lines = re.search(r'RedisScript\(\n\s*"""\n(.*?)\n(\s*)"""\)', source, re.S)
    text = "\n".join(line.removeprefix(lines[2]) for line in lines[1].split("\n"))
    text = text.replace("\\(CacheKind.luaWords)", "'auth', 'company', 'products', 'conversations', 'agents'")
    # Lifetimes of keys; which ones does not matter here.
    return re.sub(r"\\\(\w+\.\w+\)", "86400", text)


def limiter(processes, root, count):
    """Calls a second of the limiter's script in a Redis of its own, 64 connections, one call at a time on each."""
    port = free_port()
    processes.start("redis-limit", ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
    def client(*words):
        return subprocess.run(["redis-cli", "-p", str(port), *words], capture_output=True, text=True, timeout=20).stdout.strip()
    for _ in range(100):
        if client("ping") == "PONG":
            break
    script = limiter_script(root)
    sha = client("script", "load", script)
    if sha != hashlib.sha1(script.encode()).hexdigest():
        raise RuntimeError(f"Redis did not take the limiter's script: {sha}")
    prefix = "sb:{0198b2c4-7f31-7c52-9a6f-3f2b1c0d9e8f}:"
    command = ["evalsha", sha, "3", prefix + "limit:company:all", prefix + "limit:caller:s", prefix + "gen",
               "60", "60000000", "60", "60000000", "0123456789abcde", "1"]
    # What is left of both limits, and the generations.
    if len(client(*command).split("\n")) != 3:
        raise RuntimeError("the limiter's script answers in another form; Benchmarks/limits.py has to be brought up to date")
    done = subprocess.run(
        ["redis-benchmark", "-p", str(port), "-c", "64", "-n", str(count), "--csv", *command],
        capture_output=True, text=True, check=True, timeout=120)
    processes.stop("redis-limit")
    # "test","rps",…
    return {"rate": float(done.stdout.strip().split("\n")[-1].rsplit('",', 1)[0].split('","')[1].strip('"'))}


def postgres_select(url, seconds):
    """Prepared selects of one row by its id, 8 connections: what is under every look-up in Postgres."""
    parts = urlsplit(url)
    environment = {**os.environ, "PGHOST": parts.hostname, "PGPORT": str(parts.port or 5432),
                   "PGUSER": unquote(parts.username or ""), "PGPASSWORD": unquote(parts.password or "")}
    name = "switchboard_bench_limit"
    def psql(database, text):
        subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", database], input=text, text=True, check=True,
                       env=environment, capture_output=True, timeout=60)
    home = parts.path.lstrip("/")
    psql(home, f"DROP DATABASE IF EXISTS {name};\nCREATE DATABASE {name};\n")
    try:
        psql(name, "CREATE TABLE place (id int PRIMARY KEY, name text, note text);\n"
                   "INSERT INTO place SELECT n, 'Place ' || n, repeat('x', 200) FROM generate_series(1, 100000) AS n;\n"
                   "VACUUM ANALYZE place;\n")
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
            file.write("\\set id random(1, 100000)\nSELECT id, name, note FROM place WHERE id = :id;\n")
            file.flush()
            done = subprocess.run(
                ["pgbench", "-n", "-M", "prepared", "-f", file.name, "-c", "8", "-j", "2", "-T", str(seconds), name],
                env=environment, capture_output=True, text=True, check=True, timeout=seconds + 60)
    finally:
        psql(home, f"DROP DATABASE IF EXISTS {name};\n")
    return {"rate": float(re.search(r"tps = ([\d.]+)", done.stdout)[1])}
