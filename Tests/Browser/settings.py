"""What the tests are told from outside. They start nothing but browsers."""

import os
import sys

NAMES = {
    "SWITCHBOARD_URL": "address of the running server, such as http://127.0.0.1:3001",
    "SWITCHBOARD_EMAIL": "sign-in of a member of the seed company",
    "SWITCHBOARD_PASSWORD": "its password",
    "SWITCHBOARD_KILL": "shell command that kills the server at once",
    "SWITCHBOARD_START": "shell command that starts it again and returns when it answers",
    "SWITCHBOARD_MODEL": "address of the language model of `switchboard doubles`, ending in /v1",
    "SWITCHBOARD_TOOLS": "address of the MCP server of `switchboard doubles`, without its path",
    "SWITCHBOARD_HOOK": "address of the program of `switchboard doubles` that takes webhooks, without its path",
}

missing = [f"  {name}: {what}" for name, what in NAMES.items() if not os.environ.get(name)]
if missing:
    sys.exit("These must be set (script/test-browser does it):\n" + "\n".join(missing))

URL = os.environ["SWITCHBOARD_URL"].rstrip("/")
EMAIL = os.environ["SWITCHBOARD_EMAIL"]
PASSWORD = os.environ["SWITCHBOARD_PASSWORD"]
KILL = os.environ["SWITCHBOARD_KILL"]
START = os.environ["SWITCHBOARD_START"]
MODEL = os.environ["SWITCHBOARD_MODEL"].rstrip("/")
TOOLS = os.environ["SWITCHBOARD_TOOLS"].rstrip("/")
HOOK = os.environ["SWITCHBOARD_HOOK"].rstrip("/")
# Where screenshots go; without it none are kept.
SCREENSHOTS = os.environ.get("SWITCHBOARD_SCREENSHOTS")
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
CHROMEDRIVER = os.environ.get("CHROMEDRIVER", "/usr/bin/chromedriver")
# A question that the seed company's catalogue answers, and a word of the answer.
QUESTION = os.environ.get("SWITCHBOARD_QUESTION", "@sales how much is the hand grinder?")
ANSWER = os.environ.get("SWITCHBOARD_ANSWER", "89")
