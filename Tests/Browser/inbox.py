"""The inbox as a member sees it."""

from selenium.webdriver.common.by import By

import settings
from browser import eventually

MESSAGES = """
return [...document.querySelectorAll("li.message[data-seq]")].map((item) =>
    [Number(item.dataset.seq), item.dataset.role, item.querySelector(".bubble").textContent]);
"""


class Inbox:
    def __init__(self, browser, email=settings.EMAIL, password=settings.PASSWORD):
        self.browser = browser
        browser.open("/inbox")
        eventually("the sign-in", lambda: self.all("input[name=email]"))
        self.one("input[name=email]").send_keys(email)
        self.one("input[name=password]").send_keys(password + "\n")
        eventually("the list", lambda: self.all(".row-list, .rows .state-title"))

    def one(self, selector):
        """The first that matches, as soon as there is one."""
        return eventually(selector, lambda: self.all(selector))[0]

    def all(self, selector):
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def go(self, place):
        self.browser.open(f"/inbox#/{place}")

    def press_button(self, text, within=""):
        eventually(f"the button {text}", lambda: [each for each in self.all(f"{within} button") if each.text == text])[0].click()

    def open_conversation_of(self, chat):
        """Waits until the visitor's conversation is in the list, and opens it."""
        if "#/c" not in self.browser.current_url:
            self.go("c")
        link = f".row[href='#/c/{chat.conversation_id()}']"
        eventually("the visitor's conversation in the list", lambda: self.all(link))[0].click()
        eventually("its messages", self.transcript)

    def answer(self, text):
        self.one(".composer textarea").send_keys(text + "\n")

    def transcript(self):
        return [tuple(each) for each in self.browser.execute_script(MESSAGES)]
