"""A headless Chromium with what the stories need of it."""

import os
import time
import unittest

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.chrome.service import Service

import settings


class Browser(webdriver.Chrome):
    """One browser with a profile of its own: one visitor, or one member."""

    def __init__(self, width=1280, height=860, dark=False, language="en-US"):
        options = webdriver.ChromeOptions()
        options.binary_location = settings.CHROMIUM
        for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars",
                         f"--window-size={max(width, 500)},{height}", f"--lang={language}"):
            options.add_argument(argument)
        options.add_experimental_option("prefs", {"intl.accept_languages": language})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        super().__init__(service=Service(settings.CHROMEDRIVER), options=options)
        self.set_script_timeout(120)
        self.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                             {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})
        self.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce"}]})

    def open(self, path):
        """Goes to a page of the server, or to a whole address."""
        self.get(path if "://" in path else settings.URL + path)

    def press(self, keys):
        """Types as a keyboard does: to whatever has the focus, also inside a shadow root."""
        ActionChains(self).send_keys(keys).perform()

    def offline(self, is_offline):
        self.execute_cdp_cmd("Network.enable", {})
        self.execute_cdp_cmd("Network.emulateNetworkConditions",
                             {"offline": is_offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})

    def complaints(self):
        """What the page's console calls severe, except answers that a story provokes."""
        return [entry["message"] for entry in self.get_log("browser")
                if entry["level"] == "SEVERE" and "Failed to load resource" not in entry["message"]]

    def shot(self, name):
        if settings.SCREENSHOTS:
            os.makedirs(settings.SCREENSHOTS, exist_ok=True)
            self.save_screenshot(os.path.join(settings.SCREENSHOTS, f"{name}.png"))


def eventually(what, read, seconds=45):
    """Waits until `read` gives something true, and returns it; fails with the last value."""
    end = time.monotonic() + seconds
    while True:
        try:
            value = read()
        except StaleElementReferenceException:
            value = None  # the page has just put another in its place
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}; last seen: {value!r}")
        time.sleep(0.05)


class Story(unittest.TestCase):
    """A test with browsers that end with it; none of them may complain."""

    maxDiff = None

    def browser(self, **options):
        browser = Browser(**options)
        self.addCleanup(browser.quit)
        self.addCleanup(lambda: self.assertEqual(browser.complaints(), [], "the console complains"))
        return browser
