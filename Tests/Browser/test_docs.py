"""The page of the API holds every operation of its document."""

import json
import urllib.request

import settings
from browser import Story, eventually

METHODS = ("get", "post", "put", "patch", "delete")


class Docs(Story):
    def setUp(self):
        with urllib.request.urlopen(f"{settings.URL}/api/openapi.json", timeout=10) as answer:
            self.document = json.load(answer)
        self.page = self.browser()
        self.page.open("/docs")
        eventually("the operations", lambda: self.shown("all"))

    def shown(self, which):
        selector = ".operation" if which == "all" else ".operation:not([hidden])"
        return self.page.execute_script("return [...document.querySelectorAll(arguments[0])].map((each) => each.querySelector('.route').textContent)", selector)

    def test_every_operation_is_there(self):
        expected = {f"{method.upper()}{path}" for path, item in self.document["paths"].items() for method in METHODS if method in item}
        self.assertEqual(set(self.shown("all")), expected)

    def test_search_narrows_and_escape_clears(self):
        field = self.page.execute_script("return document.querySelector('#search')")
        field.send_keys("messages post")
        found = self.shown("visible")
        self.assertIn("POST/api/conversations/{id}/messages", found)
        self.assertLess(len(found), len(self.shown("all")))
        field.send_keys("\ue00c")
        self.assertEqual(len(self.shown("visible")), len(self.shown("all")))

    def test_every_error_code_has_its_anchor(self):
        codes = self.document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]
        missing = self.page.execute_script("return arguments[0].filter((code) => !document.getElementById(code))", codes)
        self.assertEqual(missing, [])
