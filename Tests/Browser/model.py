"""The language model and the MCP server of `switchboard doubles`, told what to do and when to go on."""

import json
import urllib.request

import settings

DOUBLE = settings.MODEL.removesuffix("/v1") + "/double/held"
TOOLS = settings.TOOLS + "/double/mcp"


class Held:
    """An answer to whoever says `when`: its first part at once, each further one when it is let go.

    With `tool` that is called first, with these arguments.
    """

    def __init__(self, when, *parts, tool=None, arguments=None):
        call = {"tool": tool, "arguments": arguments or {}} if tool else {}
        self.id = post(DOUBLE, {"when": when, "parts": parts, **call})["id"]

    def go_on(self):
        post(f"{DOUBLE}/{self.id}/release", {})


def hold_tools():
    """Lets the calls of the MCP server's tools wait until they are let go."""
    post(f"{TOOLS}/hold", {})


def release_tools():
    post(f"{TOOLS}/release", {})


def offer_tool(name, description):
    """Lets the MCP server describe one of its tools otherwise."""
    post(f"{TOOLS}/offer", {"name": name, "description": description})


def post(address, body):
    request = urllib.request.Request(address, json.dumps(body).encode(), method="POST")
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read())
