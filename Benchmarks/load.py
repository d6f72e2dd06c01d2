"""Load on a target, and what it cost."""
import json, os, subprocess, tempfile, time
from dataclasses import dataclass, field

from processes import memory, processor_seconds

HERE = os.path.dirname(os.path.abspath(__file__))


@dataclass
class Target:
    """A server under load. `roles` names the processes that work for it, `server` first; `work` maps the name of a
    piece of work to its requests: (method, path, token, If-None-Match, body)."""
    name: str
    port: int
    roles: dict
    work: dict = field(default_factory=dict)


def write_requests(requests):
    with tempfile.NamedTemporaryFile("w", suffix=".tsv", delete=False) as file:
        for request in requests:
            file.write("\t".join(request) + "\n")
    return file.name


def tagged(requests, tag):
    """Every run writes messages of its own, so that they can be told apart afterwards."""
    return [(*request[:4], request[4].replace("@@@", tag)) for request in requests]


class Meter:
    """Processor time of a target between two moments."""

    def __init__(self, target):
        self.target = target
        self.before = {role: processor_seconds(pid) for role, pid in target.roles.items()}

    def per_request(self, count):
        used = {role: processor_seconds(pid) - self.before[role] for role, pid in self.target.roles.items()}
        return {role: round(seconds * 1e6 / max(count, 1), 1) for role, seconds in used.items()}


def run_wrk(port, requests, connections, seconds):
    file = write_requests(requests)
    try:
        done = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s",
             os.path.join(HERE, "requests.lua"), f"http://127.0.0.1:{port}"],
            env={**os.environ, "REQUESTS": file}, capture_output=True, text=True, timeout=seconds + 60)
    finally:
        os.unlink(file)
    for line in done.stdout.splitlines():
        if line.startswith("RESULT "):
            return json.loads(line[7:])
    raise RuntimeError("wrk gave no result: " + done.stdout + done.stderr)


def closed_loop(target, work, connections, seconds, tag):
    """Each connection sends its next request when the last one was answered."""
    requests = target.work[work]
    warm = run_wrk(target.port, tagged(requests, tag + "w"), connections, 1)
    meter = Meter(target)
    result = run_wrk(target.port, tagged(requests, tag + "m"), connections, seconds)
    return row(target, work, connections, result, meter), [(tag + "w", warm), (tag + "m", result)]


def open_loop(target, work, rate, seconds, connections, tag, program):
    """Requests come at a fixed rate, whatever the server does. Returns the row and what was acknowledged."""
    requests = write_requests(tagged(target.work[work], tag))
    acknowledged = requests + ".acknowledged"
    try:
        meter = Meter(target)
        done = subprocess.run(
            [program, str(target.port), str(rate), str(seconds), str(connections), requests, acknowledged],
            capture_output=True, text=True, timeout=seconds + 60)
        if done.returncode != 0:
            raise RuntimeError(f"{target.name}: {done.stderr}")
        result = json.loads(done.stdout)
        with open(acknowledged) as file:
            lines = [line.rstrip("\n").split("\t") for line in file]
    finally:
        for file in (requests, acknowledged):
            if os.path.exists(file):
                os.unlink(file)
    return row(target, work, connections, result, meter), [(int(at), id, int(seq)) for at, id, seq in lines]


def row(target, work, connections, result, meter):
    good = max(result["requests"] - result["refused"], 0)
    used = meter.per_request(good)
    return {
        "time": time.strftime("%H:%M:%S"), "target": target.name, "work": work, "connections": connections,
        "rate": round(good / (result["microseconds"] / 1e6), 1), "p50": round(result["p50"] / 1000, 3),
        "p99": round(result["p99"] / 1000, 3), "errors": result["refused"] + result["broken"],
        "server": used["server"], "all": round(sum(used.values()), 1), "used": used,
        "memory": memory(target.roles["server"]),
    }
