"""How much of a page's time the chat costs."""

import gzip
import statistics
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
        """Of a first visit: nothing is in the browser's cache."""
        browser = self.browser()
        browser.at_start("addEventListener('switchboard:ready', () => (window.readyAfter = performance.now()))")
        browser.execute_cdp_cmd("Network.enable", {})
        browser.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": True})
        times = []
        for _ in range(5):
            browser.execute_cdp_cmd("Storage.clearDataForOrigin", {"origin": settings.URL, "storageTypes": "all"})
            Chat(browser)
            times.append(browser.execute_script("return window.readyAfter"))
        print(f"chat ready {statistics.median(times):.0f} ms after navigation began (median of 5: "
              + ", ".join(f"{each:.0f}" for each in times) + ")")
        self.assertLess(statistics.median(times), 5000)
