"""What schemathesis has to know of Switchboard beside the OpenAPI document.

SWITCHBOARD_TOKEN is the caller of this pass; without it nobody calls.
"""

import os
import uuid

import requests
import schemathesis

BASE = os.environ["SWITCHBOARD"]
TOKEN = os.environ.get("SWITCHBOARD_TOKEN", "")

# What a schema cannot know: whether a row is there, a name is free, a secret is right.
UNKNOWABLE = {"invalid", "not_found", "taken", "not_allowed"}


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
    """Keeps the caller signed in and in their company through the whole run."""
    path, method = case.operation.path, case.method.upper()
    if path in ("/api/auth/logout", "/api/auth/sessions/{id}") and case.headers:
        if case.headers.get("Authorization") == f"Bearer {TOKEN}":
            case.headers["Authorization"] = f"Bearer {stranger_token()}"
    for name in ("id", "userId"):
        own = os.environ.get("SWITCHBOARD_COMPANY" if name == "id" else "SWITCHBOARD_USER")
        if method in ("DELETE", "PATCH") and own and (case.path_parameters or {}).get(name) == own:
            case.path_parameters[name] = str(uuid.uuid4())


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Drops what is no failure: a request refused for what its schema cannot know."""
    if type(failure).__name__ != "RejectedPositiveData":
        return True
    try:
        problem = response.json()
    except ValueError:
        return True
    if problem.get("code") == "idempotency_mismatch":
        return False
    codes = {error["code"] for error in problem.get("errors", [])}
    return not (codes and codes <= UNKNOWABLE)
