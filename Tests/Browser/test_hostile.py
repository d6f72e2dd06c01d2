"""Messages that want to be more than text."""

from browser import Story, eventually
from chat import Chat
from inbox import Inbox

HOSTILE = [
    "<img src=x onerror=\"document.title='owned'\">",
    "<script>document.title='owned'</script>",
    "javascript:document.title='owned' [click](javascript:alert(1)) data:text/html,<b>x</b>",
    "https://bank.example@evil.example/ is not a link with a name before its host",
    "see https://example.com/?q=<b>&x=\"onmouseover=alert(1) now",
    "right\u202e to left \u202eand \u2066more\u2069 \u200f",
    "<svg/onload=alert(1)><iframe srcdoc='<script>parent.document.title=1</script>'>",
]

# What a text became in a list of messages.
INSPECT = """
const bubbles = [...root.querySelectorAll("li.message .bubble")];
return {
    foreign: bubbles.flatMap((each) => [...each.querySelectorAll("*")]).filter((each) => each.localName !== "a").length,
    links: bubbles.flatMap((each) => [...each.querySelectorAll("a")]).map((each) => [each.href, each.rel, each.target]),
    turns: bubbles.some((each) => /[\\u202a-\\u202e\\u2066-\\u2069]/.test(each.textContent)),
    isolated: bubbles.every((each) => getComputedStyle(each).unicodeBidi === "isolate"),
    title: document.title,
};
"""


class HostileMessages(Story):
    def test_they_do_nothing_in_chat_and_inbox(self):
        chat = Chat(self.browser()).open()
        title = chat.browser.title
        for count, text in enumerate(HOSTILE, 1):
            chat.send(text)
            eventually(f"message {count}", lambda: sum(each["role"] == "customer" for each in chat.messages()) == count)
        self.check(chat.run(INSPECT), title)

        inbox = Inbox(self.browser())
        inbox.open_conversation_of(chat)
        eventually("all of them", lambda: len(inbox.transcript()) >= len(HOSTILE))
        self.check(inbox.browser.execute_script("const root = document;" + INSPECT), inbox.browser.title)

    def check(self, found, title):
        self.assertEqual(found["foreign"], 0, "only links are made of a text")
        self.assertFalse(found["turns"], "characters that turn the direction are taken out")
        self.assertTrue(found["isolated"])
        self.assertEqual(found["title"], title)
        for address, rel, target in found["links"]:
            self.assertRegex(address, r"^https?://")
            self.assertNotIn("evil.example", address)
            self.assertIn("noopener", rel)
            self.assertIn("noreferrer", rel)
            self.assertEqual(target, "_blank")

    def test_the_longest_message_is_sent_and_one_byte_more_is_not(self):
        chat = Chat(self.browser()).open()
        chat.put("é" * 16384 + "x")
        self.assertTrue(chat.run("return root.querySelector('.send').disabled"))
        self.assertIn("1", chat.run("return root.querySelector('.problem').textContent"))
        longest = "é" * 16384
        chat.send(longest)
        self.assertEqual(chat.until(1)[0]["text"], longest)
        height = chat.run("return root.querySelector('.bubble').clientHeight")
        self.assertLess(height, 300, "it does not fill the chat until it is asked for")
