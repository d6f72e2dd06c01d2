"""Roles, names, order of focus and contrast, by a script of our own."""

import pathlib

from browser import Story, eventually
from chat import Chat
from inbox import Inbox

CHECK = pathlib.Path(__file__).with_name("accessibility.js").read_text(encoding="utf-8")
FOCUSED = """
let at = document.activeElement;
while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
const style = getComputedStyle(at);
const box = at.getBoundingClientRect();
return { name: at.localName + "." + at.className, body: at === document.body, outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0,
    inView: box.bottom > 0 && box.top < innerHeight };
"""


class Accessibility(Story):
    def check(self, browser, where):
        self.assertEqual(browser.execute_script(CHECK), [], where)

    def tab_through(self, browser, stops, where):
        """Every stop of the keyboard can be seen."""
        for _ in range(stops):
            browser.press("\ue004")
            at = browser.execute_script(FOCUSED)
            if at["body"]:
                return
            self.assertTrue(at["outlined"], f"{where}: the focus on {at['name']} cannot be seen")
            self.assertTrue(at["inView"], f"{where}: {at['name']} has the focus out of view")

    def both(self, story, **options):
        for dark in (False, True):
            with self.subTest(dark=dark):
                story(self.browser(dark=dark, **options), "dark" if dark else "light")

    def test_the_check_itself_finds_faults(self):
        browser = self.browser()
        browser.open("/docs")
        browser.execute_script("""
            const button = document.createElement("button");
            const pale = Object.assign(document.createElement("p"), { textContent: "pale" });
            pale.style.color = "#bbb";
            const twice = Object.assign(document.createElement("p"), { id: "main" });
            document.querySelector("main").prepend(button, pale, twice);
        """)
        found = "\n".join(browser.execute_script(CHECK))
        for fault in ("has no name: <button>", "contrast 1.", "the id main is there twice"):
            self.assertIn(fault, found)

    def test_docs(self):
        def story(browser, mode):
            browser.open("/docs")
            eventually("the operations", lambda: browser.execute_script("return document.querySelectorAll('.operation').length > 20"))
            self.check(browser, "/docs")
            self.tab_through(browser, 25, "/docs")
            browser.execute_script("document.querySelector('.operation').scrollIntoView()")
            browser.shot(f"docs-{mode}")
        self.both(story)

    def test_demo_and_chat(self):
        def story(browser, mode):
            chat = Chat(browser)
            self.check(browser, "/demo")
            browser.shot(f"demo-{mode}")
            chat.open()
            chat.ask_the_catalogue()
            self.check(browser, "the chat")
            chat.type("Thanks! @")
            eventually("the offer", lambda: chat.run("return !root.querySelector('.mentions').hidden"))
            self.check(browser, "the chat with agents on offer")
            browser.shot(f"chat-mentions-{mode}")
            self.tab_through(browser, 6, "the chat")
        self.both(story)

    def test_inbox(self):
        def story(browser, mode):
            browser.open("/inbox")
            eventually("the sign-in", lambda: browser.execute_script("return document.querySelector('input[name=email]') !== null"))
            self.check(browser, "sign-in")
            inbox = Inbox(browser)
            eventually("rows", lambda: inbox.all(".row"))[0].click()
            eventually("a conversation", lambda: inbox.transcript())
            eventually("the customer", lambda: inbox.all(".customer-card h2"))
            self.check(browser, "a conversation")
            self.tab_through(browser, 25, "the inbox")
            browser.shot(f"inbox-thread-{mode}")
            for place in ("activity", "settings/company", "settings/members", "settings/agents", "settings/models", "settings/budget",
                          "settings/tools", "settings/widget", "settings/keys", "settings/webhooks"):
                inbox.go(place)
                eventually(place, lambda: inbox.all(".page") and not inbox.all(".spinner"))
                self.check(browser, place)
                browser.shot(f"inbox-{place.replace('/', '-')}-{mode}")
        self.both(story)

    def test_the_chat_tells_a_screen_reader_what_comes(self):
        chat = Chat(self.browser()).open()
        chat.ask_the_catalogue()
        spoken = eventually("an announcement", lambda: chat.run("return root.querySelector('[aria-live=polite]').textContent"))
        self.assertIn("@sales", spoken)
