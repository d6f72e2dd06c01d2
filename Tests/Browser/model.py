"""The language model of `switchboard doubles`, told what to say and when to go on."""

import json
import urllib.request

import settings

DOUBLE = settings.MODEL.removesuffix("/v1") + "/double/held"


class Held:
    """An answer to whoever says `when`: its first part at once, each further one when it is let go."""

    def __init__(self, when, *parts):
        self.id = post("", {"when": when, "parts": parts})["id"]

    def go_on(self):
        post(f"/{self.id}/release", {})


def post(path, body):
    request = urllib.request.Request(DOUBLE + path, json.dumps(body).encode(), method="POST")
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read())
