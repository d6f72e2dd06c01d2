"""A visitor writes and is answered."""

import time
import uuid

import settings
from browser import Story, eventually
from chat import Chat
from inbox import Inbox


class ChatStories(Story):
    def test_a_visitor_is_answered_by_the_sales_agent(self):
        chat = Chat(self.browser()).open()
        answer = chat.ask_the_catalogue()
        self.assertEqual(answer["role"], "agent")
        self.assertIn("@sales", answer["agent"], "who answers is shown")
        self.assertIn(settings.ANSWER, answer["text"].lower())
        self.assertEqual([each["seq"] for each in chat.messages()], [1, 2])

    def test_the_transcript_is_the_same_after_a_reload(self):
        chat = Chat(self.browser()).open()
        chat.ask_the_catalogue()
        before = chat.transcript()
        chat.put("half a thought")
        chat.reload().open()
        eventually("the same transcript", lambda: chat.transcript() == before)
        self.assertEqual(chat.run("return root.querySelector('textarea').value"), "half a thought", "unsent text is kept")

    def test_a_person_answers_in_the_inbox(self):
        chat, inbox = Chat(self.browser()).open(), Inbox(self.browser())
        word = uuid.uuid4().hex[:10]
        chat.send(f"Is anybody there? {word}")
        chat.until(1)
        inbox.open_conversation_of(chat)
        inbox.answer(f"Yes, a person. {word}")
        eventually("the person's answer", lambda: any(
            each["role"] == "user" and word in each["text"] for each in chat.messages()))
        eventually("both see the same", lambda: inbox.transcript() == chat.transcript())

    def test_a_member_takes_over_and_the_agent_is_silent(self):
        chat, inbox = Chat(self.browser()).open(), Inbox(self.browser())
        chat.ask_the_catalogue()
        inbox.open_conversation_of(chat)
        inbox.press_button("Take over", ".thread-actions")
        eventually("it is held", lambda: "You answer" in inbox.one(".holder").text)
        chat.send(settings.QUESTION + " Again, please.")
        chat.until(3)
        inbox.answer("I am a person, and I say 89 euros.")
        there = eventually("only the person answers", lambda: settled(chat))
        self.assertEqual([role for _, role, _ in there], ["customer", "agent", "customer", "user"])
        eventually("both see the same", lambda: inbox.transcript() == there)

    def test_they_see_each_other_type(self):
        chat, inbox = Chat(self.browser()).open(), Inbox(self.browser())
        chat.ask_the_catalogue()
        inbox.open_conversation_of(chat)
        chat.wait_streaming()
        # Who types on says so again every few seconds; one such signal may come before the other's stream is open.
        eventually("the member sees it", lambda: chat.type("m")
                   or inbox.one(".writing").text == inbox.one(".thread-title h2").text + " is writing…")
        eventually("the visitor sees it", lambda: inbox.one(".composer textarea").send_keys("m")
                   or "writing" in chat.run("return root.querySelector('.typing').textContent"))

    def test_two_tabs_of_a_visitor_show_the_same(self):
        browser = self.browser()
        first = Chat(browser).open()
        first.send("from the first tab")
        first.until(1)
        one = browser.current_window_handle
        browser.switch_to.new_window("tab")
        second = Chat(browser).open()
        second.until(1)
        second.send("from the second tab")
        second.until(2)
        there = eventually("the second tab settles", lambda: settled(second))
        browser.switch_to.window(one)
        eventually("the first tab shows the same", lambda: first.transcript() == there, 40)
        texts = [text for _, role, text in there if role == "customer"]
        self.assertEqual(texts, ["from the first tab", "from the second tab"], "each once, in order")

    def test_typing_an_at_offers_agents(self):
        chat = Chat(self.browser()).open()
        chat.type("Hello @sa")
        eventually("the offer", lambda: chat.run("return !root.querySelector('.mentions').hidden"))
        chat.browser.press("\ue007")  # Enter takes the offer instead of sending
        self.assertEqual(chat.run("return root.querySelector('textarea').value"), "Hello @sales ")
        self.assertEqual(chat.messages(), [])

    def test_it_speaks_the_language_of_its_page(self):
        browser = self.browser()
        browser.at_start("document.addEventListener('readystatechange', () => (document.documentElement.lang = 'es-MX'), { once: true })")
        chat = Chat(browser).open()
        self.assertEqual(chat.run("return root.querySelector('textarea').placeholder"), "Escribe un mensaje")


def settled(chat):
    """The transcript once it has not changed for a second."""
    before = chat.transcript()
    time.sleep(1)
    return before if before and chat.transcript() == before else None
