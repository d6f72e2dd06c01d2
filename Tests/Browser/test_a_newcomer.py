"""The first minutes with Switchboard. Its name makes it the first to run, while the lists hold nothing but the seed."""

import hashlib
import hmac

import settings
from api import Api
from browser import Story, eventually
from chat import Chat
from inbox import Inbox


class Newcomer(Story):
    def test_ask_on_the_demo_page_then_answer_in_the_inbox(self):
        browser = self.browser()
        chat = Chat(browser)
        browser.execute_script("document.querySelector('[data-ask]').click()")
        eventually("the question is in the field", lambda: chat.run("return root.querySelector('textarea').value") == settings.QUESTION)
        browser.press("\n")
        answer = chat.until(2)[1]
        self.assertIn(settings.ANSWER, answer["text"])
        browser.shot("newcomer-chat")

        link = browser.execute_script("return document.querySelector('.ribbon a').href")
        self.assertEqual(link, settings.URL + "/inbox")
        inbox = Inbox(self.browser())
        inbox.open_conversation_of(chat)
        inbox.press_button("Take over", ".thread-actions")
        eventually("it is held", lambda: "You answer" in inbox.one(".holder").text)
        inbox.answer("I use this one myself every morning. Shall I put one aside for you?")
        person = chat.until(3)[2]
        self.assertEqual(person["role"], "user")
        self.assertTrue(person["agent"] and "@" not in person["agent"], "that a person answers is shown")
        eventually("colleagues see who it was", lambda: inbox.all(".message.user .who")[-1].text == "Ada Northlight")


class Pictures(Story):
    """A known customer's conversation with an agent and a person, as the README shows it."""

    def setUp(self):
        signed_in = Api().call("POST", "/auth/login", {"email": settings.EMAIL, "password": settings.PASSWORD})
        self.api = Api(signed_in["token"])
        secret = self.api.call("GET", f"/companies/{signed_in['company']['id']}/widget-secret")["secret"]
        self.person = {"externalId": "c-1001", "hash": hmac.new(secret.encode(), b"c-1001", hashlib.sha256).hexdigest()}

    def test_pictures(self):
        light, dark = self.browser(), self.browser(dark=True)
        chat = self.chat_of_the_customer(light)
        if len(chat.until(1)) < 5:
            chat.ask_the_catalogue()
        inbox = Inbox(self.browser(width=1440, height=900))
        inbox.open_conversation_of(chat)
        if "You answer" not in inbox.one(".holder").text:
            inbox.press_button("Take over", ".thread-actions")
        eventually("it is held", lambda: "You answer" in inbox.one(".holder").text)
        before = len(chat.messages())
        inbox.answer("Hello Lena, Ada here. I keep one aside for you until Friday.")
        self.assertIn("Ada here", chat.until(before + 1)[-1]["text"])
        eventually("who it is with, and what they bought", lambda: "paid" in inbox.one(".customer-card").text)
        eventually("the agent's tools", lambda: "Used" in inbox.one(".message.agent .steps").text)
        light.shot("chat-light")
        self.chat_of_the_customer(dark).until(6)
        dark.shot("chat-dark")
        for mode, is_dark in (("light", False), ("dark", True)):
            inbox.browser.dark(is_dark)
            inbox.browser.shot(f"inbox-{mode}")
            inbox.go("activity")
            eventually("the chart", lambda: inbox.all(".chart"))
            inbox.browser.shot(f"activity-{mode}")
            inbox.go("settings/widget")
            eventually("the preview", lambda: inbox.all("switchboard-chat"))
            inbox.browser.shot(f"settings-{mode}")
            inbox.open_conversation_of(chat)

    def chat_of_the_customer(self, browser):
        chat = Chat(browser)
        self.assertEqual(browser.execute_async_script(
            "const done = arguments[1]; Switchboard.identify(arguments[0]).then(() => done('known'), (error) => done(error.message))",
            self.person), "known")
        return chat.open()
