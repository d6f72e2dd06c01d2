"""The HTTP API, for what a story needs to be there before it begins."""

import json
import urllib.error
import urllib.request
import uuid

import settings


class Refused(Exception):
    """An answer that is no success."""

    def __init__(self, status, body):
        super().__init__(f"{status}: {body}")
        self.status = status


class Api:
    def __init__(self, token=None):
        self.token = token

    def call(self, method, path, body=None):
        request = urllib.request.Request(f"{settings.URL}/api{path}", method=method)
        request.add_header("Content-Type", "application/json")
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        try:
            with urllib.request.urlopen(request, None if body is None else json.dumps(body).encode(), timeout=30) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            raise Refused(error.code, error.read().decode(errors="replace")) from None


class Company(Api):
    """A new company with its owner, so that stories do not see each other's conversations."""

    def __init__(self, name="Harbour Bikes"):
        super().__init__()
        self.email, self.password = f"owner-{uuid.uuid4().hex[:12]}@example.com", "correct horse battery"
        made = self.call("POST", "/auth/register", {"email": self.email, "password": self.password, "name": "Olga Owner",
                                                    "companyName": name})
        self.token, self.id, self.key = made["token"], made["company"]["id"], made["company"]["widgetKey"]

    def change(self, **fields):
        return self.call("PATCH", f"/companies/{self.id}", fields)

    def sell(self, name, cents):
        return self.call("POST", "/products", {"name": name, "priceCents": cents, "currency": "EUR"})

    def bring_model(self):
        """Gives the company's agents the language model of the doubles."""
        return self.call("POST", "/llm-profiles", {"name": "double", "baseUrl": settings.MODEL, "model": "fake"})

    def bring_tools(self):
        """Gives the company the MCP server of the doubles, with a tool that is approved and needs no approval of calls."""
        server = self.call("POST", "/mcp-servers", {"name": "Double", "slug": "double", "url": settings.TOOLS + "/mcp",
                                                    "approval": "never"})
        tools = self.call("GET", f"/mcp-servers/{server['id']}/tools")["data"]
        echo = next(each for each in tools if each["name"] == "echo")
        self.call("PATCH", f"/mcp-servers/{server['id']}/tools/echo", {"approvedHash": echo["hash"]})
        return server

    def make_agent(self, name, **fields):
        return self.call("POST", "/agents", {"name": name, "description": "Runs things.", "instructions": "Use the tools.",
                                             "audience": "internal", **fields})
