import Foundation
import JSON
import Testing

@testable import Channels
@testable import Tenancy

@Suite struct MailPureTests {
    private func opened(_ secret: String = "a-secret-of-the-inbound", _ id: UUID = .v7()) -> OpenedChannel {
        OpenedChannel(
            channel: Channel(
                id: id, companyId: .v7(), kind: .email, name: "Mail", address: "help@acme.example",
                replyAddress: "reply@in.acme.example", agent: nil, template: nil, enabled: true, status: .active,
                lastError: nil, createdAt: Date(), updatedAt: Date(), version: 1),
            secrets: ChannelSecrets([.inboundSecret: secret]))
    }

    @Test func aMarkIsGoodForOneConversationOfOneChannel() throws {
        let channel = opened()
        let signature = MailSignature(channel)
        let conversation = UUID.v7()
        let token = signature.token(for: conversation)
        #expect(signature.conversation(of: token) == conversation)
        #expect(signature.conversation(of: token.uppercased()) == conversation)
        let address = try #require(signature.replyAddress(for: conversation))
        #expect(address.prefix { $0 != "@" }.utf8.count <= 64 && EmailAddress(address) != nil)
        for other in [opened("another-secret-of-it"), opened("a-secret-of-the-inbound", .v7())] {
            #expect(MailSignature(other).conversation(of: token) == nil)
        }
        // Every change of one digit, other lengths, other characters.
        for place in token.indices {
            var changed = token
            changed.replaceSubrange(place...place, with: token[place] == "a" ? "b" : "a")
            #expect(signature.conversation(of: changed) == nil)
        }
        for bad in [
            "", "a", String(token.dropLast()), token + "a", String(repeating: "1", count: 39), "ä" + token.dropFirst(),
        ] {
            #expect(signature.conversation(of: bad) == nil)
        }
    }

    @Test(arguments: 0..<40) func base32SurvivesEveryLength(length: Int) {
        let bytes = (0..<length).map { _ in UInt8.random(in: 0...255) }
        #expect(Base32.decode(Base32.encode(bytes)) == bytes)
    }

    @Test func idsAreReadFromHeadersAsTheyCome() {
        #expect(InboundMail.ids("<a@b> <c@d>") == ["a@b", "c@d"])
        #expect(InboundMail.ids("text <a@b>\r\n\t<c@\r\n d>, <e@f") == ["a@b", "c@d"])
        #expect(InboundMail.ids("no id") == [] && InboundMail.ids("<>") == [] && InboundMail.ids("<ä@b>") == [])
        #expect(InboundMail.ids(String(repeating: "<x@y>", count: 5_000)).count == 100)
        #expect(InboundMail.ids("<" + String(repeating: "x", count: 901) + ">") == [])
    }

    /// What one project missed: Exchange's out-of-office mail carries nothing but the suppress header.
    @Test func machinesAreKnownAndPeopleAreNot() {
        func reason(_ headers: [(String, String)], from: String = "carla@example.com") -> String? {
            MailLoop.reason(headers.map { (name: $0.0, value: $0.1) }, from: from, isSpam: false)
        }
        #expect(reason([("x-auto-response-suppress", "DR, OOF, AutoReply")]) == "x-auto-response-suppress")
        #expect(reason([("AUTO-SUBMITTED", " Auto-Replied (vacation)")]) == "auto-submitted")
        #expect(reason([("Return-Path", " < > ")]) == "return-path")
        #expect(reason([("Precedence", "Bulk ")]) == "precedence")
        for from in ["Mailer-Daemon@x.example", "no-reply@x.example", "noreply+7@x.example", "do_not_reply@x.example"] {
            #expect(reason([], from: from) == "sender", "\(from)")
        }
        #expect(
            reason([("Auto-Submitted", "No"), ("Return-Path", "<carla@example.com>"), ("Precedence", "normal")]) == nil)
        #expect(reason([("Subject", "Re: bulk list"), ("X-Auto-Response-Suppress", "none")]) == nil)
        #expect(reason([], from: "norbert@example.com") == nil)
    }

    @Test func secretsOfBasicAuthenticationCount() {
        let secrets = ChannelSecrets([.inboundSecret: "a-secret-of-the-inbound"])
        func basic(_ text: String) -> String { "Basic " + Data(text.utf8).base64EncodedString() }
        #expect(PostmarkProof.isValid(secret: nil, authorization: basic("u:a-secret-of-the-inbound"), by: secrets))
        #expect(PostmarkProof.isValid(secret: "a-secret-of-the-inbound", authorization: nil, by: secrets))
        for bad in [
            nil, "", "Basic", basic("a-secret-of-the-inbound"), basic("a-secret-of-the-inbound:"), "Bearer x",
            "Basic %%%",
        ] {
            #expect(!PostmarkProof.isValid(secret: nil, authorization: bad, by: secrets))
        }
        #expect(!PostmarkProof.isValid(secret: "", authorization: basic("u:"), by: ChannelSecrets()))
    }
}
