"""People of companies: who signs up, who works for several companies, and answers that nobody may lose."""

from api import Company
from browser import Story, eventually
from inbox import Inbox
from test_accessibility import CHECK


class SignUp(Story):
    def test_somebody_signs_up_and_is_told_what_is_wrong(self):
        browser = self.browser()
        browser.open("/inbox")
        find = lambda selector: browser.find_elements("css selector", selector)
        button = lambda text: eventually(text, lambda: [each for each in find("button") if each.text == text])[0].click()
        button("Sign up with a company of your own")
        taken = Company()
        for name, text in (("companyName", "Fjord Kayaks"), ("name", "Nils Nyström"), ("email", taken.email),
                           ("password", "correct horse battery")):
            find(f"[name={name}]")[0].send_keys(text)
        self.assertEqual(browser.execute_script(CHECK), [])
        browser.shot("sign-up")
        button("Sign up")
        eventually("the address is named", lambda: [each for each in find(".field-error") if each.text.startswith("E-mail")])
        field = find("[name=email]")[0]
        field.clear()
        field.send_keys(taken.email.replace("owner", "nils"))
        button("Sign up")
        eventually("the company's inbox", lambda: "Fjord Kayaks" in "".join(each.text for each in find(".rail .brand")))
        eventually("where to begin", lambda: [each for each in find(".rows .state-title") if each.text == "No conversations yet"])


class SeveralCompanies(Story):
    def conversation(self, company, name):
        customer = company.call("POST", "/customers", {"name": name})
        return company.call("POST", "/conversations", {"customerId": customer["id"], "platform": "web",
                                                       "message": {"role": "customer", "content": "Hello"}})["id"]

    def test_a_member_of_two_companies_goes_from_one_to_the_other(self):
        own, other = Company("Own Oars"), Company("Other Sails")
        self.conversation(own, "Olle of Oars")
        there = self.conversation(other, "Saga of Sails")
        other.call("POST", "/members", {"email": own.email, "role": "member"})
        inbox = Inbox(self.browser(), own.email, own.password)
        names = lambda: [each.text for each in inbox.all(".row-name")]
        eventually("the own company", lambda: names() == ["Olle of Oars"])
        inbox.one("select[aria-label=Company] option:not(:checked)").click()
        eventually("the other company", lambda: names() == ["Saga of Sails"])
        self.assertIn("Other Sails", inbox.one(".rail .brand").text)
        # It is kept over a reload, and live.
        inbox.browser.refresh()
        eventually("still there", lambda: names() == ["Saga of Sails"])
        other.call("POST", f"/conversations/{there}/messages", {"role": "customer", "content": "Are you there?"})
        eventually("what comes is there", lambda: "Are you there?" in inbox.one(".row").text)
        inbox.one(".row").click()
        inbox.answer("From the other side.")
        eventually("it is sent", lambda: [each["content"] for each in other.call("GET", f"/conversations/{there}/messages")["data"]
                                          if each["role"] == "user"] == ["From the other side."])
        # Who is removed comes back to their own company.
        me = own.call("GET", "/auth/me")["user"]["id"]
        other.call("DELETE", f"/members/{me}")
        inbox.browser.refresh()
        eventually("the own company", lambda: names() == ["Olle of Oars"])
        self.assertEqual(inbox.all("select[aria-label=Company]"), [])

    def test_on_a_phone_the_companies_fit(self):
        own, other = Company("A company with quite a long name, really"), Company("Other Sails")
        other.call("POST", "/members", {"email": own.email, "role": "member"})
        inbox = Inbox(self.browser(width=360, height=740), own.email, own.password)
        eventually("the choice", lambda: inbox.all("select[aria-label=Company]"))
        left, right, width = inbox.browser.execute_script("""
            const box = document.querySelector("select[aria-label=Company]").getBoundingClientRect();
            return [box.left, box.right, box.width]""")
        self.assertTrue(left >= 0 and right <= 360 and width >= 120)
        self.assertLessEqual(inbox.browser.execute_script("return document.documentElement.scrollWidth"), 360)
        inbox.browser.shot("companies-360")


class Answers(Story):
    def test_an_answer_outlives_the_server_another_conversation_and_a_reload(self):
        company = Company()
        stories = SeveralCompanies()
        first, second = stories.conversation(company, "Ann"), stories.conversation(company, "Bea")
        inbox = Inbox(self.browser(), company.email, company.password)
        open_first = lambda: (inbox.go(f"c/{first}"), eventually("its field", lambda: inbox.all(".composer textarea")))
        open_first()
        eventually("its messages", inbox.transcript)
        waiting = lambda: [each.text for each in inbox.all("[data-waiting] .bubble")]
        inbox.browser.block(f"*/api/conversations/{first}/messages*")
        inbox.answer("Said while nothing got through")
        eventually("it waits", lambda: waiting() == ["Said while nothing got through"])
        inbox.go(f"c/{second}")
        eventually("the other one", lambda: inbox.all(".composer textarea") and waiting() == [])
        inbox.browser.block()
        said = lambda: [each["content"] for each in company.call("GET", f"/conversations/{first}/messages")["data"] if each["role"] == "user"]
        eventually("it is sent from there", lambda: said() == ["Said while nothing got through"])

        inbox.browser.block(f"*/api/conversations/{first}/messages")
        open_first()
        inbox.answer("Kept over the reload")
        eventually("it waits", lambda: waiting() == ["Kept over the reload"])
        inbox.browser.block()
        inbox.browser.execute_script("location.hash = '#/settings'; location.reload()")
        eventually("it is sent, wherever the person is", lambda: said() == ["Said while nothing got through", "Kept over the reload"])
        self.assertEqual(inbox.browser.execute_script(
            "return Object.keys(sessionStorage).filter((key) => key.includes('outbox'))"), [])

    def test_an_answer_waits_while_its_writer_works_for_another_company(self):
        company, other = Company("Own Oars"), Company("Other Sails")
        other.call("POST", "/members", {"email": company.email, "role": "member"})
        stories = SeveralCompanies()
        first = stories.conversation(company, "Ann")
        stories.conversation(other, "Saga of Sails")
        inbox = Inbox(self.browser(), company.email, company.password)
        eventually("the own company", lambda: inbox.all(".row-name"))
        inbox.go(f"c/{first}")
        eventually("its field", lambda: inbox.all(".composer textarea"))
        waiting = lambda: [each.text for each in inbox.all("[data-waiting] .bubble")]
        inbox.browser.block("*/api/conversations/*/messages")
        inbox.answer("Said for the own company")
        eventually("it waits", lambda: waiting() == ["Said for the own company"])
        switch = lambda: inbox.one("select[aria-label=Company] option:not(:checked)").click()
        switch()
        eventually("the other company", lambda: [each.text for each in inbox.all(".row-name")] == ["Saga of Sails"])
        inbox.browser.block()
        inbox.browser.refresh()
        eventually("still there", lambda: [each.text for each in inbox.all(".row-name")] == ["Saga of Sails"])
        kept = lambda: inbox.browser.execute_script("""return Object.entries(sessionStorage)
            .filter(([key]) => key.includes("outbox")).flatMap(([, value]) => JSON.parse(value))
            .map(({ content, problem }) => [content, Boolean(problem?.isFinal)])""")
        self.assertEqual(kept(), [["Said for the own company", False]])
        switch()
        said = lambda: [each["content"] for each in company.call(
            "GET", f"/conversations/{first}/messages")["data"] if each["role"] == "user"]
        eventually("it is sent", lambda: said() == ["Said for the own company"])
        eventually("nothing is kept", lambda: kept() == [])
