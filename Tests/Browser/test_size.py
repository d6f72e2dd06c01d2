"""How much of a page's time the chat costs."""

import gzip
import unittest
import urllib.request

import settings
from browser import Story
from chat import Chat


class Size(unittest.TestCase):
    def test_the_widget_is_under_30_kb_gzipped(self):
        with urllib.request.urlopen(f"{settings.URL}/widget.js", timeout=10) as answer:
            size = len(gzip.compress(answer.read(), 9))
        print(f"widget.js: {size} bytes gzipped")
        self.assertLess(size, 30_000)


class Readiness(Story):
    def test_time_from_page_load_to_ready_chat(self):
        browser = self.browser()
        browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {
            "source": "addEventListener('switchboard:ready', () => (window.readyAfter = performance.now()))"})
        Chat(browser)
        after = browser.execute_script("return window.readyAfter")
        print(f"chat ready {after:.0f} ms after navigation began")
        self.assertLess(after, 5000)
