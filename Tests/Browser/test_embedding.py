"""The chat on somebody else's page."""

import hashlib
import hmac

from api import Company
from browser import Story, eventually
from chat import Chat
from inbox import Inbox
from site_page import STRICT, Site

# A page that means no harm but styles everything.
LOUD = """<style>* { color: rgb(1, 2, 3) !important; font-size: 41px !important; display: inline !important; }
h1 { letter-spacing: 5px } textarea, button { border: 9px solid red !important; }</style>"""
STYLE = """
const style = getComputedStyle(root.querySelector(arguments[0]));
return { color: style.color, size: style.fontSize, display: style.display, border: style.borderTopWidth };
"""


class Embedding(Story):
    def chat_on(self, company, browser=None, **options):
        site = Site(company.key, **options)
        self.addCleanup(site.close)
        return Chat(browser or self.browser(), site.url)

    def shop(self):
        company = Company()
        company.sell("Touring bike", 129900)
        return company

    def test_it_works_under_a_strict_policy(self):
        chat = self.chat_on(self.shop(), policy=STRICT).open()
        chat.send("@sales how much is the touring bike?")
        self.assertIn("1,299", chat.until(2)[1]["text"])
        self.assertEqual(chat.run("return getComputedStyle(root.querySelector('.panel')).position"), "fixed", "it has its looks")

    def test_no_style_leaks_in_or_out(self):
        company = self.shop()
        plain, loud = self.chat_on(company).open(), self.chat_on(company, head=LOUD).open()
        for selector in ("h2", "textarea", ".send", ".panel", ".launcher"):
            self.assertEqual(loud.run(STYLE, selector), plain.run(STYLE, selector), selector)
        heading = "const style = getComputedStyle(document.querySelector('h1')); return [style.fontFamily, style.margin, style.letterSpacing]"
        site = Site(company.key, head="<style>h1 { letter-spacing: 5px }</style>")
        self.addCleanup(site.close)
        with_chat = Chat(self.browser(), site.url).open().browser
        before = with_chat.execute_script(heading)
        with_chat.execute_script("document.querySelector('switchboard-chat').remove()")
        self.assertEqual(with_chat.execute_script(heading), before)
        self.assertEqual(with_chat.execute_script("return document.adoptedStyleSheets.length + document.styleSheets.length"), 1)

    def test_the_page_can_drive_it(self):
        chat = self.chat_on(self.shop())
        page = chat.browser
        page.execute_script("""
            window.seen = [];
            for (const name of ["open", "close", "message", "unread"]) Switchboard.on(name, (value) => seen.push([name, value?.content ?? value ?? null]));
            window.stop = Switchboard.on("open", () => seen.push(["once"]));
            Switchboard.open({ text: "Is the touring bike in stock?" });""")
        eventually("the text is there", lambda: chat.run("return root.querySelector('textarea').value") == "Is the touring bike in stock?")
        page.execute_script("stop(); Switchboard.close(); Switchboard.open({ text: 'not over what is written' })")
        self.assertEqual(chat.run("return root.querySelector('textarea').value"), "Is the touring bike in stock?")
        chat.run("root.querySelector('form').requestSubmit()")
        chat.until(2)
        seen = eventually("a message event", lambda: (seen := page.execute_script("return seen")) and
                          any(each[0] == "message" for each in seen) and seen)
        self.assertEqual([each for each in seen if each[0] in ("open", "close", "once")],
                         [["open", None], ["once"], ["close", None], ["open", None]])
        self.assertEqual(sum(each[0] == "message" for each in seen), 1, "only what others write")

    def test_an_unread_answer_is_counted_on_the_button(self):
        company = self.shop()
        chat = self.chat_on(company).open()
        chat.send("Hello?")
        chat.until(1)
        chat.browser.execute_script("Switchboard.close()")
        before = chat.conversation_id()
        company.call("POST", f"/conversations/{before}/messages", {"content": "Good morning!"})
        eventually("the badge", lambda: chat.run("return !root.querySelector('.badge').hidden"))
        self.assertIn("unread", chat.run("return root.querySelector('.launcher').getAttribute('aria-label')"))
        chat.open()
        eventually("it is read", lambda: chat.run("return root.querySelector('.badge').hidden"))

    def test_a_known_customer_is_vouched_for(self):
        company = self.shop()
        secret = company.call("GET", f"/companies/{company.id}/widget-secret")["secret"]
        sign = lambda text: hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
        identify = """const done = arguments[1];
            Switchboard.identify(arguments[0]).then(() => done("known"), (error) => done(error.message))"""
        chat = self.chat_on(company).open()
        forged = chat.browser.execute_async_script(identify, {"externalId": "c-7", "name": "Nora", "hash": sign("c-8")})
        self.assertIn("HMAC", forged)
        known = chat.browser.execute_async_script(identify, {"externalId": "c-7", "name": "Nora Lind", "hash": sign("c-7")})
        self.assertEqual(known, "known")
        chat.send("Where is my order?")
        there = chat.until(1)
        customer = company.call("GET", "/customers?externalId=c-7")["data"][0]
        self.assertEqual(customer["name"], "Nora Lind")
        self.assertEqual(company.call("GET", f"/conversations/{chat.conversation_id()}")["customerId"], customer["id"])

        # The same customer on another device finds the conversation again; after signing out it is gone from the page.
        other = self.chat_on(company).open()
        other.browser.execute_async_script(identify, {"externalId": "c-7", "hash": sign("c-7")})
        self.assertEqual(other.until(1)[0]["text"], there[0]["text"])
        other.browser.execute_async_script(identify, None)
        self.assertEqual(eventually("nothing is left", lambda: other.messages() == []), True)

    def test_colour_name_and_language_are_the_companys(self):
        company = Company("Ultramarin")
        company.change(settings={"widget": {"colors": {"primary": "#ffd400"}, "greeting": "¿Qué tal? https://example.com"}})
        chat = self.chat_on(company, lang="es").open()
        self.assertEqual(chat.run("return root.querySelector('h2').textContent"), "Ultramarin")
        self.assertEqual(chat.run("return getComputedStyle(root.querySelector('header')).backgroundColor"), "rgb(255, 212, 0)")
        self.assertEqual(chat.run("return getComputedStyle(root.querySelector('header')).color"), "rgb(20, 17, 15)", "readable on it")
        self.assertIn("¿Qué tal?", chat.run("return root.querySelector('.greeting').textContent"))
        self.assertEqual(chat.run("return root.querySelector('.send').getAttribute('aria-label')"), "Enviar")
        chat.browser.shot("chat-spanish")
        english = self.chat_on(company, lang="es", attributes='data-lang="en" data-theme="dark" data-side="left"').open()
        self.assertEqual(english.run("return root.querySelector('.send').getAttribute('aria-label')"), "Send")
        self.assertLess(english.run("return root.querySelector('.launcher').getBoundingClientRect().left"), 100)
        self.assertTrue(english.run("return root.querySelector('.root').classList.contains('dark')"))

    def test_a_site_that_is_not_allowed_has_no_chat(self):
        company = self.shop()
        company.change(settings={"widget": {"allowedOrigins": ["https://shop.example.com"]}})
        site = Site(company.key)
        self.addCleanup(site.close)
        page = self.browser()
        page.open(site.url)
        # The browser itself reports the refused call; reading the log takes it out.
        eventually("it is told", lambda: any("Switchboard" in each["message"] for each in page.get_log("browser")))
        self.assertFalse(page.execute_script("return document.querySelector('switchboard-chat').checkVisibility()"))


class Writing(Story):
    """An agent's words as they are written."""

    def started(self):
        chat = Chat(self.browser()).open()
        chat.send("@sales hello")
        chat.until(2)
        chat.wait_streaming()
        return chat

    def piece(self, chat, offset, text, **more):
        chat.heard("message.delta", {"turnId": "t1", "agentName": "sales", "offset": offset, "text": text, **more})

    def test_pieces_are_put_together_by_their_place(self):
        chat = self.started()
        self.piece(chat, 0, "Good ")
        self.piece(chat, 5, "😀 day")
        self.assertEqual(chat.drafts(), ["Good 😀 day"])
        self.piece(chat, 5, "😀 day")
        self.assertEqual(chat.drafts(), ["Good 😀 day"], "a repeated piece changes nothing")
        self.piece(chat, 7, "morning")
        self.assertEqual(chat.drafts(), ["Good 😀 morning"], "offsets count scalars")
        self.piece(chat, 99, "after a hole")
        self.assertEqual(chat.drafts(), ["Good 😀 morning"], "nothing is put behind a hole")
        self.piece(chat, 0, "All of it, <b>so far</b>", snapshot=True)
        self.assertEqual(chat.drafts(), ["All of it, <b>so far</b>"])
        self.piece(chat, 0, "", reset=True)
        self.assertEqual(chat.drafts(), [])

    def test_the_message_takes_the_place_of_the_draft(self):
        chat = self.started()
        self.piece(chat, 0, "I am about to sa")
        self.assertEqual(chat.drafts(), ["I am about to sa"])
        seq = chat.messages()[-1]["seq"] + 1
        chat.heard("message.created", {"id": "m", "seq": seq, "role": "agent", "agentName": "sales", "content": "Said.",
                                       "timestamp": "2026-01-01T00:00:00.000Z", "metadata": {"turnId": "t1"}})
        self.assertEqual(chat.drafts(), [])
        self.assertEqual(chat.messages()[-1]["text"], "Said.")

    def test_a_person_who_takes_over_ends_the_draft(self):
        chat = self.started()
        self.piece(chat, 0, "As I was say")
        chat.heard("conversation.updated", {"id": "c", "control": {"holder": "agent:sales", "version": 2}})
        self.assertEqual(chat.drafts(), ["As I was say"])
        chat.heard("conversation.updated", {"id": "c", "control": {"holder": "0197f3a0-0000-7000-8000-000000000001", "version": 3}})
        self.assertEqual(chat.drafts(), [])
