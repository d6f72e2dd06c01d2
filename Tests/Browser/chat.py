"""The web chat as a visitor sees it."""

import settings
from browser import eventually

MESSAGES = """
return [...root.querySelectorAll("li.message[data-seq]")].map((item) => ({
    seq: Number(item.dataset.seq), role: item.dataset.role, text: item.querySelector(".bubble").textContent,
    agent: item.querySelector(".who")?.textContent ?? "" }));
"""


class Chat:
    def __init__(self, browser, path="/demo"):
        self.browser = browser
        browser.open(path)
        self.wait_ready()

    def wait_ready(self):
        eventually("the chat is ready", lambda: self.browser.execute_script(
            "return Boolean(window.Switchboard && document.querySelector('switchboard-chat')?.isReady)"))

    def wait_streaming(self):
        eventually("the chat follows a stream", lambda: self.browser.execute_script(
            "return Boolean(document.querySelector('switchboard-chat').client.following?.abort)"))

    def run(self, script, *arguments):
        return self.browser.execute_script(
            "const root = document.querySelector('switchboard-chat').shadowRoot;" + script, *arguments)

    def open(self):
        self.browser.execute_script("Switchboard.open()")
        eventually("the chat is open", lambda: self.run("return !root.querySelector('.panel').hidden"))
        return self

    def type(self, text):
        self.run("root.querySelector('textarea').focus()")
        self.browser.press(text)

    def put(self, text):
        """Sets the field at once, for texts that are long or hold what cannot be typed."""
        self.run("const field = root.querySelector('textarea'); field.value = arguments[0];"
                 "field.dispatchEvent(new Event('input'));", text)

    def send(self, text):
        self.put(text)
        self.run("root.querySelector('form').requestSubmit()")

    def messages(self):
        """What the server has acknowledged, in order."""
        return self.run(MESSAGES)

    def heard(self, name, data):
        """Lets the chat take an event as if its stream had brought it."""
        self.browser.execute_async_script(
            "const done = arguments[2]; document.querySelector('switchboard-chat').client"
            ".handle({ name: arguments[0], data: JSON.stringify(arguments[1]) }, {}).then(() => setTimeout(done, 50))", name, data)

    def drafts(self):
        """What agents are shown to be writing."""
        return self.run("return [...root.querySelectorAll('.draft .bubble')].map((each) => each.textContent)")

    def writer(self):
        """Who is shown to be writing."""
        return self.run("return root.querySelector('.draft .who')?.textContent ?? ''")

    def transcript(self):
        return [(each["seq"], each["role"], each["text"]) for each in self.messages()]

    def conversation_id(self):
        return self.browser.execute_script(
            "return JSON.parse(Object.entries(localStorage).find(([name]) => name.endsWith(':conversation'))[1])")

    def waiting(self):
        return self.run("return [...root.querySelectorAll('[data-waiting] .bubble')].map((each) => each.textContent)")

    def until(self, count, seconds=45):
        return eventually(f"{count} messages", lambda: len(self.messages()) >= count and self.messages(), seconds)

    def ask_the_catalogue(self):
        """Asks, and waits for the agent's answer."""
        before = len(self.messages())
        self.send(settings.QUESTION)
        return self.until(before + 2)[-1]

    def reload(self):
        self.browser.refresh()
        self.wait_ready()
        return self
