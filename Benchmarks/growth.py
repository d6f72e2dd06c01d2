"""How cost grows with what is stored, and what one busy company does to the others. Started by script/bench --growth."""
import json, os, statistics, subprocess, threading, time
from concurrent.futures import ThreadPoolExecutor

from load import Target, closed_loop, open_loop
from switchboard import NUMBERED, Check, Switchboard, messages_path

MESSAGES = [10, 1_000, 100_000, 1_000_000]
CONVERSATIONS = [100, 1_000_000]
COMPANIES = [1, 100, 10_000]


class Growth:
    def __init__(self, run, stores, binary, root):
        self.run, self.stores, self.binary, self.root = run, stores, binary, root
        self.scale = 100 if run.options.quick else 1
        self.lines = []

    def start(self, name, settings=None):
        return Switchboard(self.run.processes, self.binary, self.root, settings, name)

    def target(self, server, work):
        return Target("switchboard", server.port, self.stores.roles(server.pid), work)

    def measure(self, points, connections):
        """Measures (label, target, work) in turn, round by round, so that a machine that becomes busier meets all."""
        rows = {label: [] for label, _, _ in points}
        for _ in range(self.run.options.repeats):
            for label, target, work in points:
                row, _ = closed_loop(target, work, connections, self.run.options.seconds, self.run.next_tag())
                rows[label].append(row)
        results = []
        for label, same in rows.items():
            found = {name: statistics.median(row[name] for row in same) for name in ("rate", "p50", "p99", "server", "all")}
            errors = sum(row["errors"] for row in same)
            self.run.say(f"{label}: p50 {found['p50']:.2f} ms, p99 {found['p99']:.2f} ms, server {found['server']:.0f} µs, "
                         f"all {found['all']:.0f} µs" + (f", {errors} errors" if errors else ""))
            results.append({"label": label, "errors": errors, **found})
        return results

    def table(self, title, rows):
        first = rows[0]
        self.lines += ["", f"**{title}**", "", "| | p50 ms | p99 ms | µs server | µs all | all : the first |",
                       "| --- | ---: | ---: | ---: | ---: | ---: |"]
        for row in rows:
            self.lines.append(f"| {row['label']} | {row['p50']:.2f} | {row['p99']:.2f} | {row['server']:.0f} | {row['all']:.0f} "
                              f"| {row['all'] / first['all']:.2f} |")

    def fill(self, *words):
        subprocess.run([os.environ["STORES"], *map(str, words)], check=True, timeout=900)

    def messages(self, server):
        """Appending to a conversation, and reading its last page right after, so that it was not read before."""
        token, company = server.register()
        places = []
        for count in MESSAGES:
            count = max(10, count // self.scale)
            id = server.conversation(token, messages=1)
            self.run.say(f"Filling a conversation with {count:,} messages")
            self.fill("messages", self.stores.mongo_url, company.replace("-", ""), id.replace("-", ""), count, 2)
            places.append((count, id))
        body = json.dumps({"content": NUMBERED})
        append, both = [], []
        for count, id in places:
            post = ("POST", messages_path(id), token, "", body)
            get = ("GET", messages_path(id), token, "", "")
            target = self.target(server, {"append": [post], "in turn": [post, get]})
            append.append((f"{count:,} messages", target, "append"))
            both.append((f"{count:,} messages", target, "in turn"))
        self.run.say("Append")
        self.table("Append", self.measure(append, 1))
        self.run.say("Append and last page in turn")
        self.table("Append and last page in turn, cost of one of the two", self.measure(both, 1))
        # Everything from the first measured message on.
        check = Check(server, [(id, token) for _, id in places])
        check.last = {id: count for count, id in places}
        check.read()
        return check.count

    def conversations(self, server):
        """The list of a company's conversations."""
        points = []
        for count in CONVERSATIONS:
            count = max(100, count // self.scale)
            token, company = server.register()
            self.run.say(f"Filling a company with {count:,} conversations")
            self.fill("conversations", self.stores.mongo_url, company.replace("-", ""), count)
            target = self.target(server, {"list": [("GET", "/api/conversations", token, "", "")]})
            points.append((f"first page of {count:,} conversations", target, "list"))
        self.table("List of conversations", self.measure(points, 4))

    def companies(self, server):
        """One company among others."""
        rows, there = [], 1
        token, _ = server.register()
        id = server.conversation(token)
        body = json.dumps({"content": NUMBERED})
        target = self.target(server, {"append": [("POST", messages_path(id), token, "", body)]})
        def one(_):
            server.conversation(server.register()[0])
        for count in COMPANIES:
            count = max(1, count // self.scale)
            self.run.say(f"Up to {count:,} more companies")
            with ThreadPoolExecutor(4) as pool:
                list(pool.map(one, range(max(0, count - there))))
            there = max(there, count)
            rows += self.measure([(f"append, {count:,} companies", target, "append")], 8)
        self.table("Companies", rows)

    def neighbour(self):
        """One company sends at 50 times its limit; the others stay within theirs."""
        limit = 6_000
        settings = {"LIMIT_FREE_REQUESTS_PER_MINUTE": str(limit), "LIMIT_FREE_REQUESTS_PER_MINUTE_PER_CALLER": str(limit)}
        server = self.start("switchboard-limited", settings)
        body = json.dumps({"content": NUMBERED})
        def company():
            token, _ = server.register()
            return ("POST", messages_path(server.conversation(token)), token, "", body)
        others = self.target(server, {"others": [company() for _ in range(9)]})
        busy = self.target(server, {"busy": [company()]})
        seconds = max(self.run.options.seconds, 5)
        rate = 9 * limit // 60 // 3
        def quiet():
            row, _ = open_loop(others, "others", rate, seconds, 64, self.run.next_tag(), os.environ["OPEN_LOOP"])
            return row
        alone, beside, refused = [], [], []
        for _ in range(self.run.options.repeats):
            alone.append(quiet())
            def attack():
                row, _ = open_loop(busy, "busy", 50 * limit // 60, seconds + 2, 64, self.run.next_tag(), os.environ["OPEN_LOOP"])
                refused.append(row)
            thread = threading.Thread(target=attack)
            thread.start()
            time.sleep(1)
            beside.append(quiet())
            thread.join()
        p99 = [statistics.median(row["p99"] for row in rows) for rows in (alone, beside)]
        p50 = [statistics.median(row["p50"] for row in rows) for rows in (alone, beside)]
        errors = sum(row["errors"] for row in alone + beside)
        self.lines += [
            "", f"**One company at 50 × its limit of {limit:,} a minute** ({sum(r['errors'] for r in refused):,} of its requests "
            f"refused), nine others together at {rate} a second", "",
            "| | p50 ms | p99 ms |", "| --- | ---: | ---: |", f"| the others alone | {p50[0]:.2f} | {p99[0]:.2f} |",
            f"| the others beside it | {p50[1]:.2f} | {p99[1]:.2f} |", f"| ratio | {p50[1] / p50[0]:.2f} | {p99[1] / p99[0]:.2f} |",
            "", f"Errors of the others: {errors}."]
        self.run.processes.stop("switchboard-limited")

    def main(self):
        server = self.start("switchboard")
        checked = self.messages(server)
        self.conversations(server)
        self.companies(server)
        self.run.processes.stop("switchboard")
        self.neighbour()
        print("\n".join(self.lines) + f"\n\n{checked:,} appended messages read back: each once, in order.\n", flush=True)
