"""The small servers of other stacks that lie in ../shared/peers, run on the same stores with the same load.

Each runs twice: as its author wrote it (`w:1`), and with its message insert at majority and journal, which is what
Switchboard promises. Their own code is used where it lies; the durable variant is made from it for the run."""
import json, os, re, shutil, subprocess

from load import Target
from processes import free_port, wait_for
from switchboard import NUMBERED

# (file, what stands there, what makes the message insert durable)
DURABLE = {
    "node": [("server.js", "await msgs.insertOne(m);",
              "await msgs.insertOne(m, { writeConcern: { w: 'majority', j: true }, w: 'majority', j: true });")],
    "python": [("app.py", "from pymongo import AsyncMongoClient",
                "from pymongo import AsyncMongoClient, WriteConcern"),
               ("app.py", "msgs=db.messages,",
                "msgs=db.messages.with_options(write_concern=WriteConcern('majority', j=True)),")],
    "go": [("main.go", '"go.mongodb.org/mongo-driver/mongo/options"',
            '"go.mongodb.org/mongo-driver/mongo/options"\n\t"go.mongodb.org/mongo-driver/mongo/writeconcern"'),
           ("main.go", 'db.Collection("conversations"), db.Collection("messages")',
            'db.Collection("conversations"), db.Collection("messages", options.Collection().SetWriteConcern('
            'writeconcern.New(writeconcern.WMajority(), writeconcern.J(true))))')],
}


class Peers:
    def __init__(self, processes, folder, work, stores, names):
        self.processes, self.folder, self.work, self.stores = processes, folder, work, stores
        self.names = names
        self.environment = {
            "MONGO_URL": stores.mongo_url, "MONGO_DB": "bench_peers", "REDIS_URL": stores.redis_url,
            "JWT_SECRET": os.urandom(24).hex(), "EVENTS": "0", "NODE_ENV": "production",
            "NODE_PATH": "/usr/share/nodejs", "PEERS_WORK": work,
        }
        self.python = os.path.join(work, "peers-python", "bin")
        os.makedirs(work, exist_ok=True)

    def seed(self):
        subprocess.run(
            [os.path.join(self.python, "python"), os.path.join(self.folder, "seed.py")],
            env={**os.environ, **self.environment}, check=True, stdout=subprocess.DEVNULL, timeout=300)
        with open(os.path.join(self.work, "targets", "ref.json")) as file:
            data = json.load(file)
        body = json.dumps({"text": NUMBERED})
        path = "/v1/conversations/{}/messages".format
        return {
            "post": [("POST", path(place["id"]), place["token"], "", body) for place in data["post"]],
            "get": [("GET", path(place["id"]) + "?limit=50", place["token"], "", "") for place in data["len1000"]],
        }

    def source(self, name, durable):
        """The folder of a peer's code; of the durable variant, a changed copy outside the project's sources."""
        folder = os.path.join(self.folder, "ref_" + name)
        if not durable:
            return folder
        copy = os.path.join(self.work, name + "-durable")
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(folder, copy)
        for file, old, new in DURABLE[name]:
            with open(os.path.join(copy, file)) as source:
                text = source.read()
            if text.count(old) != 1:
                raise RuntimeError(f"{name}: {old!r} is not in {file} once; Benchmarks/peers.py has to be brought up to date")
            with open(os.path.join(copy, file), "w") as source:
                source.write(text.replace(old, new))
        return copy

    def command(self, name, folder, port):
        """(command, environment, folder to run in)"""
        if name == "node":
            return ["node", os.path.join(folder, "server.js")], {"NODE_PORT": port}, None
        if name == "python":
            return [os.path.join(self.python, "uvicorn"), "app:app", "--host", "127.0.0.1", "--port", port, "--workers", "2",
                    "--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"], {}, folder
        program = os.path.join(self.work, os.path.basename(folder) + ".bin")
        subprocess.run(
            ["go", "build", "-o", program, "."], cwd=folder, check=True, timeout=600,
            env={**os.environ, "GO111MODULE": "off", "GOPATH": "/usr/share/gocode",
                 "GOCACHE": os.path.join(self.work, "go-cache")})
        return [program], {"GO_PORT": port}, None

    def start(self):
        """Every peer in both variants, as targets."""
        work = self.seed()
        targets = []
        for name in self.names:
            for durable in (False, True):
                label = name + (" durable" if durable else " w:1")
                port = free_port()
                command, extra, cwd = self.command(name, self.source(name, durable), str(port))
                pid = self.processes.start(re.sub(r"\W", "-", label), command, {**self.environment, **extra}, cwd)
                wait_for(f"http://127.0.0.1:{port}/")
                # Reading is the same in both.
                mine = work if not durable else {"post": work["post"]}
                targets.append(Target(
                    label, port, {"server": pid, "mongod": self.stores.mongod, "redis": self.stores.redis}, mine))
        return targets


def available(folder, work):
    """Which peers can run here, and why the others cannot."""
    lacking = {}
    if not os.path.isfile(os.path.join(folder, "seed.py")):
        return [], {"all": f"there is no {folder}"}
    if not os.access(os.path.join(work, "peers-python", "bin", "uvicorn"), os.X_OK):
        return [], {"all": "their packages of PyPI are not installed (script/bench does that)"}
    if not shutil.which("node") or not os.path.isdir("/usr/share/nodejs/express"):
        lacking["node"] = "nodejs, node-express, node-mongodb, node-redis are not installed"
    if not shutil.which("go") or not os.path.isdir("/usr/share/gocode/src/github.com/gin-gonic"):
        lacking["go"] = "golang-go and its packages are not installed"
    return [name for name in ("node", "go", "python") if name not in lacking], lacking
