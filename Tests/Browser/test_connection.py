"""Bad connections and a server that dies: nothing is lost, nothing comes twice."""

import server
import settings
from api import Api
from browser import Story, eventually
from chat import Chat
from inbox import Inbox
from test_chat import settled


class ConnectionStories(Story):
    def test_the_server_is_killed_in_the_middle(self):
        chat, inbox = Chat(self.browser()).open(), Inbox(self.browser())
        chat.send("before the crash")
        chat.until(1)
        inbox.open_conversation_of(chat)
        server.kill()
        try:
            chat.send("while it was down")
            inbox.answer("written while it was down")
            eventually("it waits", lambda: chat.waiting() == ["while it was down"])
        finally:
            server.start()
        eventually("both texts are there", lambda: {"while it was down", "written while it was down"}
                   <= {text for _, _, text in chat.transcript()}, 90)
        eventually("both ends show the same", lambda: (there := settled(chat)) and inbox.transcript() == there, 60)
        transcript = chat.transcript()
        self.assertEqual([seq for seq, _, _ in transcript], list(range(1, len(transcript) + 1)))
        written = [text for _, role, text in transcript if role != "agent"]
        self.assertEqual(len(written), len(set(written)), "nothing comes twice")

    def test_offline_for_a_while(self):
        chat = Chat(self.browser()).open()
        chat.send("online")
        chat.until(1)
        chat.browser.offline(True)
        chat.send("first, offline")
        chat.send("second, offline")
        eventually("both wait", lambda: chat.waiting() == ["first, offline", "second, offline"])
        chat.browser.offline(False)
        eventually("both are sent", lambda: chat.waiting() == [] and len(chat.messages()) >= 3, 60)
        mine = [each["text"] for each in chat.messages() if each["role"] == "customer"]
        self.assertEqual(mine, ["online", "first, offline", "second, offline"])

    def test_what_was_said_meanwhile_is_there_afterwards(self):
        chat = Chat(self.browser()).open()
        chat.ask_the_catalogue()
        member = Api(Api().call("POST", "/auth/login", {"email": settings.EMAIL, "password": settings.PASSWORD})["token"])
        chat.browser.offline(True)
        path = f"/conversations/{chat.conversation_id()}/messages"
        said = [f"said while you were away, {number}" for number in range(1, 61)]
        for text in said:
            member.call("POST", path, {"content": text})
        chat.browser.offline(False)
        there = chat.until(62, 90)
        self.assertEqual([each["seq"] for each in there], list(range(1, 63)), "each once, in order")
        self.assertEqual([each["text"] for each in there if each["role"] == "user"], said)

    def test_what_waits_survives_a_reload(self):
        chat = Chat(self.browser()).open()
        chat.send("acknowledged")
        chat.until(1)
        server.kill()
        try:
            chat.send("kept over the reload")
            eventually("it waits", lambda: chat.waiting() == ["kept over the reload"])
            stored = "return Object.entries(localStorage).some(([name, value]) => name.endsWith(':outbox') && value.includes('kept over'))"
            self.assertTrue(chat.browser.execute_script(stored))
        finally:
            server.start()
        chat.reload().open()
        eventually("it is sent", lambda: [each["text"] for each in chat.messages() if each["role"] == "customer"]
                   == ["acknowledged", "kept over the reload"], 60)
