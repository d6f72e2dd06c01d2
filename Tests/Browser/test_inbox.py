"""What a member does in the inbox."""

import uuid

from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from api import Api, Company
from browser import Story, eventually
from inbox import Inbox


class Member(Story):
    """A member of a new company."""

    def setUp(self):
        self.company = Company()
        self.company.sell("Touring bike", 129900)

    def inbox(self, **options):
        return Inbox(self.browser(**options), self.company.email, self.company.password)

    def conversation(self, title, name, platform="web", content="Hello", **fields):
        customer = self.company.call("POST", "/customers", {"name": name})
        return self.company.call("POST", "/conversations", {
            "title": title, "customerId": customer["id"], "platform": platform, **fields,
            "message": {"role": "customer", "content": content}})["id"]

    def visitor(self):
        """A visitor's API and their conversation."""
        session = Api().call("POST", "/widget/sessions", {"key": self.company.key, "visitorId": str(uuid.uuid4())})
        return Api(session["token"]), session["conversation"]["id"]

    def names(self, inbox):
        return [each.text for each in inbox.all(".row-name")]

    def wait_names(self, inbox, *names):
        eventually(f"the list shows {names}", lambda: sorted(self.names(inbox)) == sorted(names))

    def choose(self, inbox, label, text):
        Select(inbox.one(f"select[aria-label='{label}']")).select_by_visible_text(text)


class InboxStories(Member):
    def test_a_new_company_is_told_where_to_begin(self):
        inbox = self.inbox()
        self.assertEqual(eventually("a word", lambda: inbox.all(".rows .state-title"))[0].text, "No conversations yet")
        self.assertIn("/demo", inbox.one(".rows .state a").get_attribute("href"))
        inbox.go("activity")
        eventually("no turns", lambda: [each for each in inbox.all(".state-title") if each.text == "No turns yet"])

    def test_filters_and_search_narrow_the_list(self):
        self.conversation("Late delivery", "Wim Web")
        self.conversation("Invoice", "Ella Email", "email")
        done = self.conversation("Thanks", "Otto Old")
        self.company.call("PATCH", f"/conversations/{done}", {"status": "archived"})
        mine = self.conversation("My case", "Mia Mine")
        me = self.company.call("GET", "/auth/me")["user"]["id"]
        self.company.call("PATCH", f"/conversations/{mine}", {"assignee": me})
        self.company.call("POST", f"/conversations/{mine}/messages", {"content": "Done."})
        inbox = self.inbox()
        self.wait_names(inbox, "Wim Web", "Ella Email", "Mia Mine")
        self.choose(inbox, "Channel", "E-mail")
        self.wait_names(inbox, "Ella Email")
        self.choose(inbox, "Channel", "Channel")
        self.choose(inbox, "Status", "Archived")
        self.wait_names(inbox, "Otto Old")
        self.choose(inbox, "Status", "Open")
        inbox.press_button("Mine", ".filters")
        self.wait_names(inbox, "Mia Mine")
        inbox.press_button("Mine", ".filters")
        inbox.press_button("Waiting", ".filters")
        self.wait_names(inbox, "Wim Web", "Ella Email")
        inbox.press_button("Waiting", ".filters")
        for text, name in (("wim", "Wim Web"), ("invoice", "Ella Email")):
            field = inbox.one("#list-search")
            field.clear()
            field.send_keys(text)
            self.wait_names(inbox, name)
        field.clear()
        field.send_keys("nobody is called this")
        eventually("nothing fits", lambda: [each for each in inbox.all(".rows .state-title") if "Nothing fits" in each.text])

    def test_what_comes_is_there_at_once_and_counted_until_it_is_read(self):
        inbox = self.inbox()
        visitor, conversation = self.visitor()
        for text in ("one", "two"):
            visitor.call("POST", f"/conversations/{conversation}/messages", {"content": f"{text} from a visitor, no agent please"})
        row = f".row[href='#/c/{conversation}']"
        unread = lambda: inbox.browser.execute_script(
            "return document.querySelector(arguments[0] + ' .unread-count')?.firstChild.data ?? ''", row)
        eventually("the unread messages are counted", lambda: unread() and int(unread()) >= 2)
        inbox.all(row)[0].click()
        eventually("it is read", lambda: unread() == "")
        eventually("the server knows it", lambda: self.company.call("GET", "/conversations")["data"][0]["unreadCount"] == 0)

    def test_the_keyboard_is_enough(self):
        first, second = self.conversation("First", "Ann"), self.conversation("Second", "Bea")
        inbox = self.inbox()
        self.wait_names(inbox, "Ann", "Bea")
        inbox.browser.press("j")
        eventually("the first of the list", lambda: inbox.browser.current_url.endswith(second))
        inbox.browser.press("j")
        eventually("the next", lambda: inbox.browser.current_url.endswith(first))
        eventually("its messages", inbox.transcript)
        inbox.browser.press("r")
        eventually("the field has the focus", lambda: inbox.browser.switch_to.active_element.tag_name == "textarea")
        inbox.browser.press("On its way.\n")
        eventually("it is sent", lambda: [each for each in inbox.transcript() if each[1:] == ("user", "On its way.")])
        inbox.browser.press(Keys.ESCAPE)
        inbox.browser.press("e")
        eventually("it is archived", lambda: self.company.call("GET", f"/conversations/{first}")["status"] == "archived")
        inbox.browser.press("?")
        eventually("the list of keys", lambda: inbox.all("dialog[open]"))
        inbox.browser.press(Keys.ESCAPE)
        inbox.browser.press("g")
        inbox.browser.press("s")
        eventually("the settings", lambda: inbox.browser.current_url.endswith("#/settings"))
        inbox.browser.press("g")
        inbox.browser.press("c")
        eventually("the list", lambda: inbox.all(".row"))
        inbox.browser.press("/")
        self.assertEqual(inbox.browser.switch_to.active_element.get_attribute("id"), "list-search")

    def test_control_is_taken_released_and_passed_on(self):
        visitor, conversation = self.visitor()
        visitor.call("POST", f"/conversations/{conversation}/messages", {"content": "@sales hello"})
        inbox = self.inbox()
        inbox.go(f"c/{conversation}")
        holder = lambda: self.company.call("GET", f"/conversations/{conversation}")["control"]["holder"]
        me = self.company.call("GET", "/auth/me")["user"]["id"]
        inbox.press_button("Take over", ".thread-actions")
        eventually("I hold it", lambda: holder() == me and "You answer" in inbox.one(".holder").text)
        inbox.press_button("Release", ".thread-actions")
        eventually("nobody holds it", lambda: holder() is None and inbox.all(".thread-actions button")[0].text == "Take over")
        self.choose(inbox, "Pass to", "@sales")
        eventually("the agent holds it", lambda: holder() == "agent:sales" and "@sales answers" in inbox.one(".holder").text)
        self.choose(inbox, "Assigned to", "Olga Owner")
        eventually("it is mine", lambda: self.company.call("GET", f"/conversations/{conversation}")["assignee"] == me)
        inbox.press_button("Archive", ".thread-actions")
        inbox.press_button("Reopen", ".thread-actions")
        eventually("it is open again", lambda: self.company.call("GET", f"/conversations/{conversation}")["status"] == "active")

    def test_the_customer_and_what_they_bought_are_beside_it(self):
        conversation = self.conversation("Bike", "Rosa Ríos")
        customer = self.company.call("GET", f"/conversations/{conversation}")["customerId"]
        product = self.company.call("GET", "/products")["data"][0]["id"]
        self.company.call("POST", "/sales", {"customerId": customer, "productId": product, "quantity": 2})
        inbox = self.inbox(width=1400)
        inbox.go(f"c/{conversation}")
        card = lambda: inbox.one(".customer-card").text
        eventually("the sale", lambda: "2 × Touring bike" in card() and "€2,598.00" in card())
        self.assertIn("Rosa Ríos", card())
        self.assertIn("1 in the catalogue", card())
        [each for each in inbox.all(".customer-card summary") if each.text == "Edit"][0].click()
        inbox.one(".customer-card input[type=email]").send_keys("rosa@example.com\n")
        eventually("it is saved", lambda: self.company.call("GET", f"/customers/{customer}")["email"] == "rosa@example.com")

    def test_the_tools_of_an_agent_are_shown(self):
        visitor, conversation = self.visitor()
        visitor.call("POST", f"/conversations/{conversation}/messages", {"content": "@sales how much is the touring bike?"})
        inbox = self.inbox()
        inbox.go(f"c/{conversation}")
        eventually("the tool", lambda: [each for each in inbox.all(".message.agent .steps summary") if "Used catalog_search" in each.text])
        inbox.one(".message.agent .steps summary").click()
        self.assertIn("succeeded", inbox.one(".message.agent .calls").text)
        inbox.go("activity")
        eventually("the turn is counted", lambda: "catalog_search" in inbox.one(".table-frame").text)

    def test_a_failure_is_said_and_tried_again(self):
        conversation = self.conversation("Bike", "Rosa")
        inbox = self.inbox()
        for place, calls, there in ((f"c/{conversation}", f"*/api/conversations/{conversation}*", ".composer"),
                                    ("activity", "*/api/agent-logs*", ".page"), ("settings/members", "*/api/members*", ".cards")):
            inbox.browser.block(calls)
            inbox.go(place)
            eventually(f"{place}: it is said", lambda: [each for each in inbox.all("[role=alert] .state-title") if "cannot be reached" in each.text])
            inbox.browser.block()
            inbox.press_button("Try again")
            eventually(f"{place}: it is there", lambda: inbox.all(there) and not inbox.all("[role=alert] .state-title"))

    def test_a_foreign_address_is_nothing_to_see(self):
        inbox = self.inbox()
        inbox.go(f"c/{uuid.uuid4()}")
        eventually("a word", lambda: [each for each in inbox.all(".thread .state-title") if "nothing here" in each.text])

    def test_a_session_that_ended_asks_to_sign_in_again(self):
        inbox = self.inbox()
        for session in self.company.call("GET", "/auth/sessions")["data"]:
            if not session["current"]:
                self.company.call("DELETE", f"/auth/sessions/{session['id']}")
        eventually("the sign-in", lambda: inbox.all("input[name=password]"))


class SettingsStories(Member):
    """The company's settings, each changed once and read back from the server."""

    def test_the_voice_of_the_company(self):
        inbox = self.inbox()
        inbox.go("settings/company")
        eventually("the field", lambda: inbox.all("textarea[name=brandPersonality]"))[0].send_keys("Warm and brief.")
        inbox.press_button("Save")
        eventually("it is saved", lambda: self.company.call("GET", f"/companies/{self.company.id}")["brandPersonality"] == "Warm and brief.")

    def test_members_join_and_leave(self):
        other = Company("Elsewhere")
        inbox = self.inbox()
        inbox.go("settings/members")
        field = eventually("the field", lambda: inbox.all("input[name=email]"))[0]
        field.send_keys("nobody@example.com\n")
        eventually("an unknown address is named", lambda: [each for each in inbox.all(".field-error") if each.text])
        field.clear()
        field.send_keys(other.email + "\n")
        eventually("they are in", lambda: len(self.company.call("GET", "/members")["data"]) == 2 and len(inbox.all(".cards > li")) == 2)
        inbox.all(".cards .danger")[1].click()
        inbox.browser.switch_to.alert.accept()
        eventually("they are out", lambda: len(self.company.call("GET", "/members")["data"]) == 1)

    def test_a_key_is_shown_once_and_revoked(self):
        inbox = self.inbox()
        inbox.go("settings/keys")
        eventually("the field", lambda: inbox.all("input[name=name]"))[0].send_keys("Export")
        inbox.press_button("Make it")
        secret = eventually("the key", lambda: inbox.all(".secret code"))[0].text
        self.assertEqual(Api(secret).call("GET", "/conversations")["data"], [])
        inbox.go("settings/company")
        inbox.go("settings/keys")
        inbox.press_button("Revoke")
        inbox.browser.switch_to.alert.accept()
        eventually("it is gone", lambda: self.company.call("GET", "/api-keys")["data"] == [])
        self.assertNotIn(secret, inbox.browser.page_source)

    def test_the_chat_is_previewed_and_saved(self):
        inbox = self.inbox()
        inbox.go("settings/widget")
        colour = eventually("the colour", lambda: inbox.all("input[name=color]"))[0]
        header = "return getComputedStyle(document.querySelector('switchboard-chat').shadowRoot.querySelector('header')).backgroundColor"
        inbox.browser.execute_script("arguments[0].value = '#7a1f5c'; arguments[0].dispatchEvent(new Event('input', { bubbles: true }))", colour)
        self.assertEqual(inbox.browser.execute_script(header), "rgb(122, 31, 92)", "live")
        inbox.one("input[name=greeting]").send_keys("Ahoy!")
        self.assertEqual(inbox.browser.execute_script(
            "return document.querySelector('switchboard-chat').shadowRoot.querySelector('.greeting').textContent"), "Ahoy!")
        inbox.press_button("Save")
        config = lambda: self.company.call("GET", f"/widget/config?key={self.company.key}")
        eventually("it is saved", lambda: config()["greeting"] == "Ahoy!" and config()["colors"]["primary"] == "#7a1f5c")
        self.assertIn(f'data-key="{self.company.key}"', inbox.one(".notice code:not(:first-child), .notice .secret code").text)
        inbox.press_button("Show the secret")
        secret = self.company.call("GET", f"/companies/{self.company.id}/widget-secret")["secret"]
        eventually("the secret", lambda: [each for each in inbox.all(".secret code") if each.text == secret])
