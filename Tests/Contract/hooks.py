"""What schemathesis has to know of Switchboard beside the OpenAPI document.

SWITCHBOARD_TOKEN is the caller of this pass; without it nobody calls.
"""

import os
import re
import uuid

import requests
import schemathesis

BASE = os.environ["SWITCHBOARD"]
TOKEN = os.environ.get("SWITCHBOARD_TOKEN", "")
COMPANY = os.environ.get("SWITCHBOARD_COMPANY", "")
USER = os.environ.get("SWITCHBOARD_USER", "")
WIDGET_KEY = os.environ.get("SWITCHBOARD_WIDGET_KEY", "")
AGENTS = ["sales", "mem", "assistant", "cal", "mail"]

# Refusals that no schema could foretell, each for its field and the end of its path: a row that is not there, a name
# that is taken, a secret or a cursor that is not right, a rule between two fields or with the clock.
UNKNOWABLE = {
    ("", "cursor", "invalid"),
    ("", "If-Match", "invalid"),
    ("/messages", "after", "not_allowed"),
    ("/messages", "before", "not_allowed"),
    ("/messages", "cursor", "not_allowed"),
    ("/auth/register", "email", "taken"),
    ("/auth/password", "currentPassword", "invalid"),
    ("/api-keys", "expiresAt", "out_of_range"),
    ("/members", "email", "not_found"),
    ("/members", "email", "taken"),
    ("/customers", "externalId", "taken"),
    ("/customers/{id}", "externalId", "taken"),
    ("/products", "sku", "taken"),
    ("/products/{id}", "sku", "taken"),
    ("/sales", "customerId", "not_found"),
    ("/sales", "productId", "not_found"),
    ("/sales", "conversationId", "not_found"),
    ("/conversations", "customerId", "not_found"),
    ("/conversations", "assignee", "not_found"),
    ("/conversations", "agent", "not_found"),
    ("/conversations/{id}", "assignee", "not_found"),
    ("/conversations/{id}", "agent", "not_found"),
    # A visitor's own conversation: who serves it is for the company to say.
    ("/conversations", "agent", "not_allowed"),
    ("/conversations", "assignee", "not_allowed"),
    ("/conversations/{id}", "agent", "not_allowed"),
    ("/conversations/{id}", "assignee", "not_allowed"),
    ("/conversations/{id}", "status", "not_allowed"),
    ("/control", "to", "required"),
    ("/control", "to", "not_found"),
    ("/chat", "conversationId", "not_found"),
    ("/widget/sessions", "customer.hash", "invalid"),
    ("/tools/{name}", "approvedHash", "changed"),
    ("/webhooks", "url", "invalid"),
    ("/webhooks/{id}", "url", "invalid"),
    ("/mcp-servers", "url", "invalid"),
    ("/mcp-servers", "authHeader", "required"),
    ("/mcp-servers", "authHeader", "not_allowed"),
    ("/mcp-servers", "authHeader", "invalid"),
    ("/mcp-servers", "secret", "required"),
    ("/mcp-servers", "secret", "invalid"),
    ("/mcp-servers", "slug", "invalid"),
    ("/mcp-servers", "slug", "taken"),
    ("/mcp-servers/{id}", "url", "invalid"),
    ("/mcp-servers/{id}", "authHeader", "required"),
    ("/mcp-servers/{id}", "authHeader", "not_allowed"),
    ("/mcp-servers/{id}", "authHeader", "invalid"),
    ("/mcp-servers/{id}", "secret", "required"),
    ("/mcp-servers/{id}", "secret", "invalid"),
    # Agents: names that are taken or reserved, tools that there are, what a built-in agent does not have.
    *((path, field, code) for path in ("/agents", "/agents/{name}") for field, code in (
        ("name", "not_allowed"), ("name", "taken"), ("aliases", "not_allowed"), ("aliases", "taken"),
        ("tools", "not_found"), ("tools", "not_allowed"), ("instructions", "invalid"))),
    *(("/agents/{name}", field, "not_allowed") for field in ("description", "audience", "rules", "faqs")),
    ("/rollback", "version", "not_found"),
    ("/memories", "expiresAt", "out_of_range"),
    ("/memories/{id}", "expiresAt", "out_of_range"),
    ("/leads/{id}", "status", "decided"),
    *((path, field, code) for path in ("/llm-profiles", "/llm-profiles/{id}") for field, code in (
        ("baseUrl", "format"), ("baseUrl", "not_allowed"), ("name", "taken"), ("apiKey", "format"),
        ("apiKey", "required"))),
    # Channels: which secrets and options a kind has, how an address of it looks, and whether it is taken.
    *(("/channels", field, code) for field, code in (
        ("address", "format"), ("address", "invalid"), ("address", "taken"), ("replyAddress", "not_allowed"),
        ("replyAddress", "format"), ("template", "not_allowed"),
        *((f"secrets.{name}", code) for name in (
            "accessToken", "appSecret", "verifyToken", "serverToken", "inboundSecret") for code in (
            "required", "not_allowed", "format")))),
    ("/usage", "from", "format"),
    ("/usage", "to", "format"),
    ("/usage", "from", "out_of_range"),
    ("/emails", "userId", "not_found"),
    ("/emails", "messageId", "required"),
    ("/emails/{id}", "state", "not_allowed"),
    ("/oauth/google/start", "returnTo", "format"),
    ("/oauth/google/callback", "state", "invalid"),
}


def is_id(value):
    """Whether it is an id at all; what is none must reach the server as it is."""
    try:
        return str(uuid.UUID(value)) == value
    except (TypeError, ValueError, AttributeError):
        return False


def stranger_token():
    """Somebody new, for calls that end their own session."""
    answer = requests.post(
        f"{BASE}/api/auth/register",
        json={"email": f"{uuid.uuid4()}@example.com", "password": uuid.uuid4().hex},
        timeout=30,
    )
    answer.raise_for_status()
    return answer.json()["token"]


if TOKEN:

    @schemathesis.auth()
    class Caller:
        """The caller of this pass."""

        def get(self, case, context):
            return TOKEN

        def set(self, case, data, context):
            case.headers = case.headers or {}
            case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def before_call(context, case, kwargs):
    """Keeps the caller signed in and in their company through the whole run, whatever is ended or left."""
    path, method = case.operation.path, case.method.upper()
    if path in ("/api/auth/logout", "/api/auth/sessions/{id}") and case.headers:
        if case.headers.get("Authorization") == f"Bearer {TOKEN}":
            case.headers["Authorization"] = f"Bearer {stranger_token()}"
    if case.meta and case.meta.generation.mode.is_positive:
        aim(case)
    headers = case.headers or {}
    if COMPANY and is_id(headers.get("X-Company-Id")):
        headers["X-Company-Id"] = COMPANY
    for name in ("id", "userId"):
        own = COMPANY if name == "id" else USER
        if method in ("DELETE", "PATCH") and own and (case.path_parameters or {}).get(name) == own:
            case.path_parameters[name] = str(uuid.uuid4())


def aim(case):
    """Puts names that exist into well-formed requests, which would else be answered by 404 alone."""
    if "name" in (case.path_parameters or {}):
        case.path_parameters["name"] = AGENTS[len(case.path_parameters["name"]) % len(AGENTS)]
    if case.operation.path.startswith("/api/widget/"):
        for part in (case.query, case.body):
            if isinstance(part, dict) and "key" in part:
                part["key"] = WIDGET_KEY


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Drops what is no failure: a request refused for what its schema cannot know, a tombstone that is read."""
    path = case.operation.path
    if type(failure).__name__ == "UseAfterFree":
        return not path.endswith(("/messages/{messageId}", "/state"))
    if type(failure).__name__ != "RejectedPositiveData":
        return True
    try:
        problem = response.json()
    except ValueError:
        return True
    if problem.get("code") in ("idempotency_mismatch", "precondition_failed"):
        return False
    errors = problem.get("errors", [])
    return not (errors and all(is_unknowable(path, error) for error in errors))


def is_unknowable(path, error):
    """Whether the schema could not have said so."""
    return any(
        path.endswith(end) and (field, code) == (re.sub(r"\[\d+\]", "", error["field"]), error["code"])
        for end, field, code in UNKNOWABLE
    )
