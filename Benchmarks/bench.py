"""Measures Switchboard beside other servers and beside what the machine can do. Started by script/bench, which prepares
everything; see there for the arguments."""
import argparse, json, os, platform, signal, subprocess, sys, time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import limits, peers, table
from growth import Growth
from load import Target, closed_loop, open_loop
from processes import Processes, memory
from switchboard import Check, Data, Switchboard

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WORK = os.path.join(ROOT, ".services", "bench")


@dataclass
class Stores:
    """Addresses of the stores and pids of those that this checkout started; a foreign one has none."""
    mongo_url: str = os.environ["MONGODB_URI"]
    redis_url: str = os.environ["REDIS_URL"]
    owner_url: str = os.environ["DIRECT_URL"]
    mongod: int = 0
    redis: int = 0
    postgres: int = 0

    def __post_init__(self):
        for name in ("mongod", "redis", "postgres"):
            try:
                with open(os.path.join(ROOT, ".services", "run", name + ".pid")) as file:
                    setattr(self, name, int(file.read().split()[0]))
            except FileNotFoundError:
                sys.exit(f"{name} was not started by script/services: its processor time cannot be measured.")

    def roles(self, server):
        return {"server": server, "mongod": self.mongod, "redis": self.redis, "postgres": self.postgres}


def machine():
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "unknown")
    with open("/proc/meminfo") as file:
        total = int(file.readline().split()[1]) // 1024 // 1024
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    return {"processor": model, "cores": os.cpu_count(), "memory": f"{total} GiB", "kernel": platform.release(),
            "date": time.strftime("%Y-%m-%d %H:%M"), "load": os.getloadavg()[0], "commit": commit}


class Run:
    def __init__(self, options):
        self.options = options
        self.processes = Processes(WORK)
        self.rows, self.limits = [], {}
        self.tag = 0

    def say(self, text):
        print(f"==> {text}", flush=True)

    def show(self, row):
        self.rows.append(row)
        print(f"    {row['work']:<20} {row['connections']:>3} {row['target']:<15} {row['rate']:>9,.0f}/s  p50 {row['p50']:.2f} "
              f"p99 {row['p99']:.2f} ms  server {row['server']:.0f} µs  all {row['all']:.0f} µs"
              + (f"  {row['errors']} errors" if row["errors"] else ""), flush=True)

    def next_tag(self):
        self.tag += 1
        return f"t{self.tag}"

    # What is measured

    def prepare(self):
        stores = Stores()
        self.say("Starting the server and filling it")
        self.server = Switchboard(self.processes, os.environ["SWITCHBOARD"], ROOT)
        def fill(company, conversation, count, first):
            subprocess.run(
                [os.environ["STORES"], "messages", stores.mongo_url, company.replace("-", ""), conversation.replace("-", ""),
                 str(count), str(first)], check=True, timeout=300)
        data = Data(self.server, fill, companies=4 if self.options.quick else 10)
        self.check = Check(self.server, data.post)
        self.ours = Target("switchboard", self.server.port, stores.roles(self.server.pid), data.work)
        self.bare = limits.http(self.processes, os.environ["HTTP_LIMIT"], data.page, WORK)
        self.others, self.stores = [], stores
        names, lacking = peers.available(os.environ["PEERS"], WORK) if not self.options.no_peers else ([], {})
        for name, why in lacking.items():
            self.say(f"Without peers ({name}): {why}")
        if names:
            self.say(f"Starting the peers: {', '.join(names)}, each at w:1 and durable")
            self.others = peers.Peers(self.processes, os.environ["PEERS"], WORK, stores, names).start()

    def measure(self, target, work, connections):
        self.processes.check()
        row, runs = closed_loop(target, work, connections, self.options.seconds, self.next_tag())
        self.show(row)
        if target is self.ours and work == "post":
            self.check.closed(runs, connections)

    def round(self):
        """Everything once, side by side: what belongs together runs within the same minutes."""
        for connections in self.options.connections:
            for name in ("constant", "page"):
                self.measure(self.bare, name, connections)
            for work in ("post", "get", "etag"):
                for target in [self.ours] + self.others:
                    if work in target.work:
                        self.measure(target, work, connections)

    def race(self):
        """Two processes write to the same conversations at once, the second of them without knowing any: what is tested
        in debug builds has to hold in a release build, too."""
        top = max(self.options.connections)
        second = Switchboard(self.processes, os.environ["SWITCHBOARD"], ROOT, name="second")
        other = Target("switchboard", second.port, self.stores.roles(second.pid), self.ours.work)
        with ThreadPoolExecutor() as pool:
            tags = {self.next_tag(): target for target in (self.ours, other)}
            done = list(pool.map(lambda tag: closed_loop(tags[tag], "post", top, self.options.seconds, tag), tags))
        self.processes.stop("second")
        self.check.closed([run for _, runs in done for run in runs], 2 * top)
        self.say(f"Two processes on the same conversations: {sum(row['rate'] for row, _ in done):,.0f} messages a second, "
                 "each there once, in order")

    def latency(self):
        """The open loop, at half of what the closed loop reached with the most connections."""
        top = max(self.options.connections)
        best = table.medians(self.rows)[("post", top, "switchboard")]["rate"]
        for target in [self.ours] + ([] if self.options.quick else self.others):
            peak = best if target is self.ours else table.medians(self.rows)[("post", top, target.name)]["rate"]
            row, acknowledged = open_loop(
                target, "post", int(peak / 2), self.options.seconds, 256, self.next_tag(), os.environ["OPEN_LOOP"])
            self.show({**row, "work": "post at half the peak"})
            if target is self.ours:
                self.check.open(acknowledged)

    def store_limits(self):
        seconds = self.options.seconds
        self.say("The limits of the stores")
        self.limits["MongoDB, durable bulk insert from C, messages/s"] = limits.mongo_insert(
            os.environ["STORES"], self.stores.mongo_url, seconds)["rate"]
        self.limits["Redis, the limiter's script, 64 connections, calls/s"] = limits.limiter(
            self.processes, ROOT, 20_000 if self.options.quick else 200_000)["rate"]
        self.limits["Postgres, prepared select by id, 8 connections, rows/s"] = limits.postgres_select(
            self.stores.owner_url, seconds)["rate"]

    # What comes out

    def report(self):
        found = table.medians(self.rows)
        info = machine()
        text = [f"{info['processor']}, {info['cores']} cores, {info['memory']}, Linux {info['kernel']}; {info['date']}, commit "
                f"{info['commit']}; load when it ended {info['load']:.1f}; medians of {self.options.repeats} × {self.options.seconds} s.",
                "", *table.lines(found), "", *table.aim_lines(found), "", "| limit of a store | |", "| --- | ---: |",
                *(f"| {name} | {table.number(rate)} |" for name, rate in self.limits.items()), "",
                f"{self.check.count} messages written and read back: every acknowledged one is there, once, in order."]
        print("\n" + "\n".join(text) + "\n", flush=True)
        result = {
            "machine": info, "arguments": sys.argv[1:], "rows": self.rows, "limits": self.limits, "checked": self.check.count,
            "medians": [{"work": w, "connections": c, "target": t, **row} for (w, c, t), row in found.items()],
            "aims": [dict(zip(("aim", "measured", "bound", "reached"), aim)) for aim in table.aims(found)],
        }
        with open(self.options.out, "w") as file:
            json.dump(result, file, indent=1, default=list)
        self.say(f"Also in {self.options.out}")
        return found

    def compare(self, found):
        worse = list(table.regressions(found, self.options.compare))
        for line in worse:
            print(f"worse: {line}")
        if not worse:
            print("nothing became worse than in the earlier result")
        return 1 if worse else 0

    def main(self):
        try:
            if self.options.growth:
                Growth(self, Stores(), os.environ["SWITCHBOARD"], ROOT).main()
                return 0
            self.prepare()
            for number in range(self.options.repeats):
                self.say(f"Round {number + 1} of {self.options.repeats}")
                self.round()
            self.race()
            self.latency()
            self.store_limits()
            found = self.report()
            return self.compare(found) if self.options.compare else 0
        finally:
            self.processes.stop_all()


def earlier_result(path):
    """Read before anything is measured: a wrong name must not come to light after half an hour."""
    try:
        with open(path) as file:
            result = json.load(file)
        result["medians"]
        return result
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise argparse.ArgumentTypeError(f"{path} is not a result of script/bench: {error}") from None


def arguments():
    parser = argparse.ArgumentParser(prog="script/bench")
    parser.add_argument("--quick", action="store_true", help="64 connections, one round of 3 s: less than 3 minutes")
    parser.add_argument("--seconds", type=int, help="length of one measurement")
    parser.add_argument("--repeats", type=int, help="rounds; the table shows medians")
    parser.add_argument("--connections", help="numbers with commas between; 1,16,64 without it")
    parser.add_argument("--growth", action="store_true", help="instead: how cost grows with what is stored")
    parser.add_argument("--no-peers", action="store_true", help="Switchboard and the limits alone")
    parser.add_argument("--compare", metavar="FILE", type=earlier_result,
                        help="an earlier result: say what became worse, exit code 1 when something did")
    parser.add_argument("--out", metavar="FILE", default=os.path.join(WORK, time.strftime("result-%Y%m%d-%H%M%S.json")))
    options = parser.parse_args()
    options.seconds = options.seconds or (3 if options.quick else 5)
    options.repeats = options.repeats or (1 if options.quick else 5)
    options.connections = [int(c) for c in (options.connections or ("64" if options.quick else "1,16,64")).split(",")]
    return options


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(Run(arguments()).main())
