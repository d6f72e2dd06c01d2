"""Conversations with customers on WhatsApp, as members see them."""

import hashlib
import hmac
import json
import random
import time
import urllib.request

import settings
from browser import eventually
from test_inbox import Member

SECRET = "an-app-secret-of-the-stories"


class WhatsAppStories(Member):
    def setUp(self):
        super().setUp()
        self.number = str(random.randrange(10 ** 12, 10 ** 13))
        self.channel = self.company.call("POST", "/channels", {
            "kind": "whatsapp", "name": "Support", "address": self.number, "agent": None,
            "secrets": {"accessToken": "double-token", "appSecret": SECRET, "verifyToken": "word"}})

    def tell(self, number, **value):
        """A webhook as Meta signs it."""
        body = json.dumps({"object": "whatsapp_business_account", "entry": [{"changes": [{"value": {
            "metadata": {"phone_number_id": number}, **value}}]}]}).encode()
        request = urllib.request.Request(f"{settings.URL}{self.channel['webhookPath']}", body, method="POST")
        request.add_header("Content-Type", "application/json")
        request.add_header("X-Hub-Signature-256", "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest())
        with urllib.request.urlopen(request, timeout=30) as answer:
            self.assertEqual(answer.status, 200)

    def write(self, text, seconds_ago=0):
        self.tell(self.number, contacts=[{"wa_id": "4915110", "profile": {"name": "Carla"}}], messages=[{
            "id": f"wamid.{random.random()}", "from": "4915110", "type": "text", "text": {"body": text},
            "timestamp": str(int(time.time()) - seconds_ago)}])

    def open(self):
        inbox = self.inbox()
        eventually("Carla's conversation", lambda: inbox.all(".row"))[0].click()
        eventually("her message", inbox.transcript)
        return inbox

    def test_an_answer_shows_that_it_was_sent(self):
        self.write("Is it open today?")
        inbox = self.open()
        inbox.answer("Until six.")
        self.assertEqual(eventually("it is sent", lambda: inbox.all("[data-delivery=sent]"))[0].text, "Sent")

    def test_an_answer_that_is_held_back_says_so_and_goes_out_later(self):
        self.write("Hello", seconds_ago=25 * 3600)
        inbox = self.open()
        inbox.answer("Are you still there?")
        held = eventually("it is held back", lambda: inbox.all("[data-delivery=needs_template]"))[0]
        self.assertEqual(held.text, "Waits until the customer writes")
        self.write("Yes")
        eventually("it is sent", lambda: inbox.all("[data-delivery=sent]"))
