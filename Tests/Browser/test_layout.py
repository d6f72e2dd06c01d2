"""Phones: 360 px are enough for every page."""

import uuid

from api import Api, Company
from browser import Story, eventually
from chat import Chat
from inbox import Inbox

BOXES = """return [...document.querySelectorAll(".thread-actions > *")].map((each) => {
    const { left, right, width } = each.getBoundingClientRect();
    return { name: each.textContent.slice(0, 20), left, right, width };
});"""
WIDTHS = "return [document.documentElement.scrollWidth, innerWidth]"


class NarrowPages(Story):
    def narrow(self):
        return self.browser(width=360, height=740)

    def test_the_tools_of_a_conversation_fit(self):
        """What can be done with a conversation is there to be pressed, also when a person is asked for."""
        company = Company()
        session = Api().call("POST", "/widget/sessions", {"key": company.key, "visitorId": uuid.uuid4().hex})
        conversation = session["conversation"]["id"]
        Api(session["token"]).call("POST", f"/conversations/{conversation}/messages", {"content": "I want to talk to a person"})
        inbox = Inbox(self.narrow(), company.email, company.password)
        inbox.go(f"c/{conversation}")
        eventually("all that can be done", lambda: len(inbox.all(".thread-actions > *")) == 5)
        for box in inbox.browser.execute_script(BOXES):
            self.assertTrue(box["width"] >= 44 and box["left"] >= 0 and box["right"] <= 360, box)

    def fits(self, browser, where):
        wide, inner = browser.execute_script(WIDTHS)
        self.assertLessEqual(wide, inner, f"{where} scrolls sideways")

    def test_docs(self):
        browser = self.narrow()
        browser.open("/docs")
        eventually("the operations", lambda: browser.execute_script("return document.querySelectorAll('.operation').length > 20"))
        self.fits(browser, "/docs")
        browser.shot("docs-360")

    def test_chat_is_the_whole_screen_and_keeps_the_focus(self):
        browser = self.narrow()
        chat = Chat(browser)
        self.fits(browser, "/demo")
        chat.open()
        box = chat.run("const box = root.querySelector('.panel').getBoundingClientRect(); return [box.left, box.width, box.height]")
        self.assertEqual(box[:2], [0, 360])
        self.assertGreater(box[2], 700)
        self.assertEqual(chat.run("return root.querySelector('.panel').getAttribute('aria-modal')"), "true")
        for _ in range(8):
            browser.press("\ue004")
            self.assertTrue(chat.run("return Boolean(root.activeElement?.closest('.panel'))"), "the focus stays inside")
        browser.press("\ue00c")
        self.assertEqual(chat.run("return root.activeElement?.className"), "launcher", "Esc gives the focus back")

    def test_inbox(self):
        inbox = Inbox(self.narrow())
        self.fits(inbox.browser, "the list")
        ends = inbox.browser.execute_script("""return [...document.querySelectorAll(".rail a, .rail button")]
            .filter((each) => each.getClientRects().length).map((each) => each.getBoundingClientRect().right)""")
        self.assertTrue(len(ends) >= 5 and max(ends) <= 360, "every section and the way out are in view")
        eventually("rows", lambda: inbox.all(".row"))[0].click()
        eventually("a conversation", lambda: inbox.all(".composer textarea"))
        self.fits(inbox.browser, "a conversation")
        inbox.browser.shot("inbox-360")
        for place in ("activity", "settings/company", "settings/members", "settings/agents", "settings/models", "settings/budget",
                          "settings/tools", "settings/widget", "settings/keys", "settings/webhooks"):
            inbox.go(place)
            eventually(place, lambda: not inbox.all(".spinner"))
            self.fits(inbox.browser, place)


class LongNames(Story):
    def test_a_long_name_pushes_nothing_out(self):
        """Names come from customers: nothing may leave its place for one of 200 letters."""
        inbox = Inbox(self.browser())
        eventually("rows", lambda: inbox.all(".row"))[0].click()
        eventually("the customer", lambda: inbox.all(".customer-card h2"))
        inbox.browser.execute_script(
            "for (const each of document.querySelectorAll('.row-name, .thread-title h2, .customer-card h2')) each.textContent = 'W'.repeat(200)")
        outside = inbox.browser.execute_script("""
            return ["list", "thread-main", "customer-card"].flatMap((name) => {
                const frame = document.querySelector("." + name).getBoundingClientRect();
                return [...document.querySelectorAll(`.${name} *`)].filter((each) => each.getClientRects().length > 0
                    && !each.closest(".visually-hidden")
                    && each.getBoundingClientRect().right > frame.right + 1 && getComputedStyle(each.parentElement).overflowX === "visible")
                    .map((each) => `${name}: ${each.localName}.${each.className}`);
            });""")
        self.assertEqual(outside, [])
