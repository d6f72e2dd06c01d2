"""Agents that write with a language model, that wait for a member's word, and that call for a person."""

import uuid

import settings
from api import Company
from browser import Story, eventually
from chat import Chat
from inbox import Inbox
from model import Held, hold_tools, release_tools
from site_page import Site
from test_accessibility import CHECK
from test_chat import settled

FIRST, SECOND, LAST = "First I look it up. ", "Then I think it over. ", "Now I know it."


class Agents(Story):
    """A company whose agents have a language model."""

    def setUp(self):
        self.company = Company()
        self.company.bring_model()

    def chat(self, browser=None):
        site = Site(self.company.key)
        self.addCleanup(site.close)
        return Chat(browser or self.browser(), site.url).open()

    def inbox(self, **options):
        return Inbox(self.browser(**options), self.company.email, self.company.password)


class Drafts(Agents):
    def setUp(self):
        super().setUp()
        self.word = uuid.uuid4().hex[:10]
        self.held = Held(self.word, FIRST, SECOND, LAST)

    def asked(self):
        """A chat in which an agent has written the first sentence of its answer."""
        chat = self.chat()
        chat.wait_ready()
        chat.send(f"Tell me what {self.word} is about")
        chat.until(1)
        self.sees(chat, FIRST)
        return chat

    def sees(self, chat, text):
        eventually(f"the draft {text!r}", lambda: chat.drafts() == [text.strip()])

    def test_the_answer_grows_and_ends_as_it_is_stored(self):
        chat = self.asked()
        self.assertEqual(chat.writer(), "@sales agent", "who writes is shown")
        self.assertEqual(len(chat.messages()), 1)
        self.held.go_on()
        self.sees(chat, FIRST + SECOND)
        self.held.go_on()
        answer = chat.until(2)[1]
        self.assertEqual(answer["text"], FIRST + SECOND + LAST)
        self.assertEqual(chat.drafts(), [])
        stored = self.company.call("GET", f"/conversations/{chat.conversation_id()}/messages")["data"]
        self.assertEqual([(each["role"], each["content"]) for each in stored][1:], [("agent", answer["text"])])
        self.assertEqual(stored[1]["metadata"]["mode"], "llm")

    def test_who_takes_over_while_an_agent_writes_is_the_only_one_to_answer(self):
        chat, inbox = self.asked(), self.inbox()
        inbox.open_conversation_of(chat)
        eventually("the member reads along", lambda: [each.text for each in inbox.all(".draft .bubble")] == [FIRST.strip()])
        inbox.press_button("Take over", ".thread-actions")
        eventually("the visitor's draft is gone", lambda: chat.drafts() == [])
        self.held.go_on()
        self.held.go_on()
        inbox.answer("I am a person, and I know it.")
        there = eventually("only the person answers", lambda: len(chat.messages()) > 1 and settled(chat))
        self.assertEqual([each[1:] for each in there[1:]], [("user", "I am a person, and I know it.")])
        self.assertEqual(chat.messages()[1]["agent"], "Olga Owner", "the visitor sees who it is")
        self.assertEqual((chat.drafts(), chat.run("return root.querySelector('.typing').textContent")), ([], ""))
        eventually("nothing is left in the inbox", lambda: inbox.all(".draft") == [] and inbox.transcript() == there)
        self.assertEqual([each["state"] for each in self.company.call("GET", "/agent-logs")["data"]], ["cancelled"])

    def test_who_reloads_in_the_middle_sees_what_is_written_and_the_end_once(self):
        chat = self.asked()
        chat.reload().open()
        self.sees(chat, FIRST)
        self.held.go_on()
        self.sees(chat, FIRST + SECOND)
        # A connection that breaks and comes back.
        chat.browser.execute_script("document.querySelector('switchboard-chat').client.following.abort()")
        eventually("the stream is gone", lambda: chat.drafts() == [])
        self.sees(chat, FIRST + SECOND)
        self.held.go_on()
        chat.until(2)
        there = eventually("it settles", lambda: settled(chat))
        self.assertEqual([text for _, role, text in there if role == "agent"], [FIRST + SECOND + LAST])
        self.assertEqual(chat.drafts(), [])


class Tools(Agents):
    def test_the_tools_of_a_running_turn_are_shown_as_they_run(self):
        self.company.bring_tools()
        self.company.make_agent("ops", tools=["mcp_double_echo"])
        word = uuid.uuid4().hex[:10]
        held = Held(word, "It says: ", "hello.", tool="mcp_double_echo", arguments={"text": "secret words"})
        hold_tools()
        self.addCleanup(release_tools)
        inbox = self.inbox()
        inbox.press_button("New note")
        eventually("a note is open", lambda: inbox.all(".composer"))
        eventually("it is in the list", lambda: inbox.all(".row[aria-current]"))
        inbox.answer(f"@ops say hello, {word}")
        using = lambda: inbox.browser.execute_script(
            "return [...document.querySelectorAll('.using-tools [data-call]')].map((each) => each.textContent)")
        running = eventually("the tool runs", using)
        self.assertEqual(running, ["Says what it is told mcp_double_echo Running"])
        self.assertEqual(inbox.one("#announcer").get_attribute("textContent"), "@ops: Says what it is told")
        self.assertEqual(inbox.browser.execute_script(CHECK), [])
        inbox.browser.shot("tools-running")

        # Who comes in the middle, on a phone in the dark, sees the same.
        second = self.inbox(width=360, height=740, dark=True)
        second.browser.open(inbox.browser.current_url)
        eventually("it is told anew", lambda: second.all(".using-tools [data-call]"))
        self.assertLessEqual(second.browser.execute_script("return document.documentElement.scrollWidth"), 360)
        second.browser.shot("tools-running-phone")

        release_tools()
        eventually("it is over", lambda: using() == ["Says what it is told mcp_double_echo Done"])
        self.assertNotIn("secret words", inbox.one(".thread").text)
        held.go_on()
        eventually("the answer takes its place", lambda: [
            text for _, role, text in inbox.transcript() if role == "agent"] == ["It says: hello."])
        eventually("nothing is left", lambda: using() == [] and second.all(".using-tools") == [])


class OwnAgents(Agents):
    def test_a_language_model_is_brought_along_in_the_inbox(self):
        self.company = Company()
        inbox = self.inbox()
        inbox.go("settings/models")
        summary = eventually("the form", lambda: [each for each in inbox.all("summary") if each.text == "Bring a language model"])
        summary[0].click()
        for name, text in (("name", "House model"), ("baseUrl", settings.MODEL), ("model", "fake"), ("apiKey", "opens-nothing")):
            inbox.one(f"[name={name}]").send_keys(text)
        inbox.press_button("Bring it")
        eventually("it is there", lambda: [each for each in inbox.all(".cards strong") if each.text == "House model"])
        self.assertNotIn("opens-nothing", inbox.browser.page_source)
        word = uuid.uuid4().hex[:10]
        Held(word, "A model wrote this.")
        chat = self.chat()
        chat.send(f"What do you know about {word}?")
        self.assertEqual(chat.until(2)[1]["text"], "A model wrote this.")
        inbox.press_button("Forget")
        inbox.browser.switch_to.alert.accept()
        eventually("it is gone", lambda: self.company.call("GET", "/llm-profiles")["data"] == [])

    def test_an_agent_made_in_the_inbox_answers_in_the_chat(self):
        inbox = self.inbox()
        inbox.go("settings/agents")
        summary = eventually("the form", lambda: [each for each in inbox.all("summary") if each.text == "Make an agent"])
        summary[0].click()
        for name, text in (("name", "guide"), ("description", "Knows the trails."), ("instructions", "You know the trails around here.")):
            inbox.one(f"[name={name}]").send_keys(text)
        inbox.press_button("Make it")
        eventually("it is there", lambda: [each for each in inbox.all(".cards strong") if each.text == "@guide"])

        word = uuid.uuid4().hex[:10]
        Held(word, "The ridge trail is the finest one.")
        chat = self.chat()
        chat.type("@gui")
        eventually("it is on offer", lambda: "Knows the trails." in chat.run("return root.querySelector('.mentions').textContent"))
        chat.browser.press("\ue007")
        chat.type(f"which trail, {word}?\n")
        answer = chat.until(2)[1]
        self.assertEqual((answer["agent"], answer["text"]), ("@guide agent", "The ridge trail is the finest one."))


class Approvals(Agents):
    def test_an_e_mail_waits_for_a_member_and_is_sent(self):
        inbox = self.inbox()
        inbox.press_button("New note")
        conversation = eventually("a note is open", lambda: inbox.all(".composer") and inbox.browser.current_url.split("#/c/")[1:])[0]
        said = lambda text: [each for each in inbox.transcript() if each[1] == "agent" and text in each[2]]
        inbox.answer("@mail draft to ana@example.com: Your bike | It is ready, come by any day.")
        eventually("the draft", lambda: said("nothing was sent"))
        inbox.answer("@mail send 1")
        card = eventually("it waits in the conversation", lambda: inbox.all(".thread .approval"))[0].text
        self.assertTrue(said("waits for the approval"))
        eventually("the count", lambda: inbox.one(".rail a[data-section=approvals] .unread-count").text.startswith("1"))
        self.asks(card)

        # The keyboard is enough: to the page, to the button, and it is done.
        inbox.browser.execute_script("document.activeElement.blur()")
        inbox.browser.press("g")
        inbox.browser.press("p")
        self.asks(eventually("the page", lambda: inbox.all(".page .approval"))[0].text)
        focused = lambda: inbox.browser.execute_script("return document.activeElement.firstChild?.data")
        for _ in range(30):
            if focused() == "Approve":
                break
            inbox.browser.press("\ue004")
        self.assertEqual(focused(), "Approve")
        self.assertEqual(inbox.browser.execute_script(CHECK), [])
        inbox.browser.shot("approval")
        inbox.browser.press("\ue007")
        eventually("nothing waits", lambda: "Nothing waits" in inbox.one(".page").text)
        inbox.go(f"c/{conversation}")
        eventually("the conversation says so", lambda: said("is released") or said("was sent"))
        eventually("the card is gone", lambda: inbox.all(".thread .approval") == [])
        mail = self.company.call("GET", "/emails?state=queued")["data"]
        self.assertEqual([(each["to"], each["subject"]) for each in mail], [(["ana@example.com"], "Your bike")])

    def asks(self, card):
        for text in ("@mail asks", "ana@example.com", "Your bike", "It is ready, come by any day."):
            self.assertIn(text, card)


class Calls(Agents):
    def test_who_asks_for_a_person_is_among_those_who_wait(self):
        inbox, chat = self.inbox(), self.chat()
        inbox.press_button("Waiting", ".filters")
        eventually("nobody waits", lambda: [each for each in inbox.all(".rows .state-title") if "Nothing fits" in each.text])
        chat.send("I want to talk to a person")
        self.assertIn("was called", chat.until(2)[1]["text"])
        row = f".row[href='#/c/{chat.conversation_id()}']"
        eventually("it is there by itself", lambda: inbox.all(row))
        eventually("who waits is marked", lambda: "Asks for a person" in inbox.one(row).text)
        self.assertTrue(self.company.call("GET", f"/conversations/{chat.conversation_id()}")["control"]["requestedAt"])
        inbox.one(row).click()
        eventually("that a person is asked for is said", lambda: "A person is asked for" in inbox.one(".holder").text)
        inbox.answer("Here I am.")
        self.assertEqual(chat.until(3)[2]["text"], "Here I am.")
        eventually("nobody waits any more", lambda: inbox.all(row) == [])
