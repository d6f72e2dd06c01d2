"""A headless Chromium with what the stories need of it."""

import atexit
import os
import time
import unittest
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.chrome.service import Service

import settings

ARGUMENTS = ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars",
             "--window-size=1440,1000", "--lang=en-US")


class Browser(webdriver.Chrome):
    """One browser with a profile of its own: one visitor, or one member.

    Starting one takes longer than most stories, so `release` empties it for the next story instead of ending it.
    """

    idle = []

    def __init__(self):
        options = webdriver.ChromeOptions()
        options.binary_location = settings.CHROMIUM
        for argument in ARGUMENTS:
            options.add_argument(argument)
        options.add_experimental_option("prefs", {"intl.accept_languages": "en-US"})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        super().__init__(service=Service(settings.CHROMEDRIVER), options=options)
        self.set_script_timeout(120)
        self.origins = set()
        self.scripts = False

    @classmethod
    def take(cls, width=1280, height=860, dark=False):
        browser = cls.idle.pop() if cls.idle else cls()
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})
        browser.dark(dark)
        return browser

    def release(self):
        """Leaves nothing of a story behind: a new tab, no storage, the network as it was."""
        if self.scripts:
            return self.quit()
        self.offline(False)
        self.block()
        old = self.window_handles
        self.switch_to.new_window("tab")
        new = self.current_window_handle
        for handle in old:
            self.switch_to.window(handle)
            self.close()
        self.switch_to.window(new)
        for origin in self.origins:
            self.execute_cdp_cmd("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
        self.origins.clear()
        self.get_log("browser")
        Browser.idle.append(self)

    def dark(self, is_dark):
        """What the reader prefers."""
        self.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
            {"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce"}]})

    def open(self, path):
        """Goes to a page of the server, or to a whole address."""
        address = path if "://" in path else settings.URL + path
        parts = urlsplit(address)
        self.origins.add(f"{parts.scheme}://{parts.netloc}")
        self.get(address)

    def at_start(self, script):
        """Runs a script in every page before its own."""
        self.scripts = True
        self.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": script})

    def press(self, keys):
        """Types as a keyboard does: to whatever has the focus, also inside a shadow root."""
        ActionChains(self).send_keys(keys).perform()

    def offline(self, is_offline):
        self.execute_cdp_cmd("Network.enable", {})
        self.execute_cdp_cmd("Network.emulateNetworkConditions",
                             {"offline": is_offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})

    def block(self, *addresses):
        """Lets calls to these addresses fail, and no others."""
        self.execute_cdp_cmd("Network.enable", {})
        self.execute_cdp_cmd("Network.setBlockedURLs", {"urls": list(addresses)})

    def complaints(self):
        """What the page's console calls severe, except answers that a story provokes."""
        return [entry["message"] for entry in self.get_log("browser")
                if entry["level"] == "SEVERE" and "Failed to load resource" not in entry["message"]]

    def shot(self, name):
        if settings.SCREENSHOTS:
            os.makedirs(settings.SCREENSHOTS, exist_ok=True)
            self.save_screenshot(os.path.join(settings.SCREENSHOTS, f"{name}.png"))


@atexit.register
def end():
    for browser in Browser.idle:
        browser.quit()


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
    """A test with browsers of its own; none of them may complain."""

    maxDiff = None

    def browser(self, **options):
        browser = Browser.take(**options)
        self.addCleanup(browser.release)
        self.addCleanup(lambda: self.assertEqual(browser.complaints(), [], "the console complains"))
        return browser
