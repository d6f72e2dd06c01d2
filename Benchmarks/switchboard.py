"""The server under test: starting it, filling it with data, and checking that it kept every promise."""
import json, os, urllib.request, uuid

from processes import free_port, wait_for

# As customers write; without a mention, so that no agent is started.
TEXT = ("Hello team, the quarterly numbers are in and the customer asked for an update on ticket 4711 before Friday; "
        "please summarise what we know so far. Thanks!")
# Read again by the check: which run wrote it, and its number in that run.
NUMBERED = "@@@ ######### " + TEXT

SETTINGS = {
    "LIMIT_FREE_REQUESTS_PER_MINUTE": "1000000", "LIMIT_FREE_REQUESTS_PER_MINUTE_PER_CALLER": "1000000",
    "LIMIT_ADDRESS": "1000000", "LIMIT_SIGNIN_ADDRESS": "1000000", "ACCESS_TOKEN_SECONDS": "86400", "BCRYPT_COST": "4",
}


class Switchboard:
    def __init__(self, processes, binary, root, settings=None, name="switchboard"):
        self.port = free_port()
        environment = {**SETTINGS, **(settings or {}), "PORT": str(self.port)}
        self.pid = processes.start(name, [binary, "serve"], environment, cwd=root)
        wait_for(f"http://127.0.0.1:{self.port}/livez")

    def call(self, method, path, token=None, body=None, headers=None):
        """(status, headers, parsed body)"""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", method=method, data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {}),
                     **(headers or {})})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                text = answer.read()
                return answer.status, answer.headers, json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{method} {path}: {error.code} {error.read()[:500]!r}") from None

    def raw(self, path, token):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.headers, answer.read()

    def register(self):
        """(token, company id) of a new company."""
        _, _, made = self.call(
            "POST", "/api/auth/register",
            body={"email": f"{uuid.uuid4().hex}@example.com", "password": "correct horse", "companyName": "Bench"})
        return made["token"], made["company"]["id"]

    def conversation(self, token, messages=0):
        _, _, made = self.call("POST", "/api/conversations", token, {"platform": "web", "title": "Bench"})
        for _ in range(messages):
            self.call("POST", f"/api/conversations/{made['id']}/messages", token, {"content": "start " + TEXT})
        return made["id"]


def messages_path(conversation):
    return f"/api/conversations/{conversation}/messages"


class Data:
    """Ten companies with conversations to write to and to read from."""

    def __init__(self, server, fill, companies=10, written=20):
        self.post, self.read = [], []
        for _ in range(companies):
            token, company = server.register()
            for _ in range(written):
                self.post.append((server.conversation(token), token))
            long = server.conversation(token, messages=1)
            fill(company, long, 1000, 2)
            self.read.append((long, token))
        body = json.dumps({"content": NUMBERED})
        self.work = {
            "post": [("POST", messages_path(id), token, "", body) for id, token in self.post],
            "get": [("GET", messages_path(id), token, "", "") for id, token in self.read],
            "etag": [("GET", messages_path(id), token, server.raw(messages_path(id), token)[0]["ETag"], "")
                     for id, token in self.read],
        }
        _, self.page = server.raw(messages_path(self.read[0][0]), self.read[0][1])


class Check:
    """Reads back what a run wrote. Every acknowledged message must be there, once, in order."""

    def __init__(self, server, conversations):
        self.server = server
        self.conversations = conversations
        self.last = {id: 0 for id, _ in conversations}
        self.ids = set()
        self.count = 0

    def read(self):
        """New messages by conversation; their `seq` must go on without a gap, and no id may come twice."""
        found = {}
        for id, token in self.conversations:
            rows = []
            while True:
                _, body = self.server.raw(f"{messages_path(id)}?after={self.last[id]}&limit=200", token)
                page = json.loads(body)["data"]
                for message in page:
                    self.last[id] += 1
                    if message["seq"] != self.last[id]:
                        raise RuntimeError(f"{id}: seq {message['seq']} where {self.last[id]} was due")
                    if message["id"] in self.ids:
                        raise RuntimeError(f"{id}: the message {message['id']} is there twice")
                    self.ids.add(message["id"])
                rows += page
                if len(page) < 200:
                    break
            found[id] = rows
            self.count += len(rows)
        return found

    def closed(self, runs, connections):
        """After wrk: all that was acknowledged is there, and besides only what was under way at the end."""
        numbers = {tag: [] for tag, _ in runs}
        for id, rows in self.read().items():
            previous = {}
            for message in rows:
                tag, number = message["content"].split(" ", 2)[:2]
                if tag not in numbers:
                    continue  # Under way when an earlier run ended and was read back.
                numbers[tag].append(int(number))
                # One connection sends one after the other: their order is known.
                if connections == 1 and int(number) <= previous.get(tag, 0):
                    raise RuntimeError(f"{id}: message {number} of {tag} is out of order")
                previous[tag] = int(number)
        for tag, result in runs:
            acknowledged, stored = result["requests"] - result["refused"], numbers[tag]
            if len(set(stored)) != len(stored):
                raise RuntimeError(f"{tag}: a message was stored twice")
            if not acknowledged <= len(stored) <= acknowledged + connections + result["refused"] + result["broken"]:
                raise RuntimeError(f"{tag}: {acknowledged} messages were acknowledged, {len(stored)} are there")

    def open(self, acknowledged):
        """After the open loop, which knows id and `seq` of every message that was acknowledged."""
        stored = {id: {message["id"]: message["seq"] for message in rows} for id, rows in self.read().items()}
        for at, id, seq in acknowledged:
            conversation = self.conversations[at][0]
            if stored[conversation].get(id) != seq:
                raise RuntimeError(f"{conversation}: {id} was acknowledged as {seq} and is not there")
        if len({id for _, id, _ in acknowledged}) != len(acknowledged):
            raise RuntimeError("one message was acknowledged twice")
