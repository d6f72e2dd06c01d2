import Foundation
import Testing

@testable import Agents

@Suite struct MailMessageTests {
    private func text(_ mail: OutgoingMail) -> String { String(decoding: MailMessage.bytes(mail), as: UTF8.self) }

    @Test func writesPlainMessages() {
        let mail = OutgoingMail(messageId: "1@s", to: ["a@b.co", "c@d.co"], cc: [], subject: "Hello", text: "Hi")
        #expect(
            text(mail) == "To: a@b.co,\r\n c@d.co\r\nSubject: Hello\r\nMessage-ID: <1@s>\r\nMIME-Version: 1.0\r\n"
                + "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nSGk=\r\n")
    }

    @Test func noTextBecomesAHeader() {
        let parent = LinkedMail(
            id: "1", threadId: "1", messageId: "ok@x", references: ["a@x", "b\r\nBcc: evil@x", "c d"], date: Date())
        let mail = OutgoingMail(
            messageId: "1@s", to: ["a@b.co"], cc: [], subject: "Hi\r\nBcc: evil@x.example", text: "\r\n.\r\nBcc: x",
            parent: parent)
        let lines = text(mail).components(separatedBy: "\r\n")
        #expect(!lines.contains { $0.hasPrefix("Bcc") } && lines.contains("Subject: Hi Bcc: evil@x.example"))
        #expect(text(mail).contains("References: <a@x>\r\n <ok@x>\r\n"))
    }

    @Test(arguments: ["Factura €", String(repeating: "ñandú 🙂 ", count: 20), "plain", "a =? b", ""])
    func encodedWordsComeBack(subject: String) {
        let written = MailMessage.encodedWords(subject)
        #expect(written.utf8.allSatisfy { $0 < 0x80 })
        #expect(written.components(separatedBy: "\r\n ").allSatisfy { $0.utf8.count <= 75 || subject == written })
        #expect(MailMessage.decodedWords(written.replacing("\r\n", with: "")) == subject)
    }

    @Test(arguments: [
        ("=?UTF-8?Q?Jos=C3=A9_R?=", "José R"), ("=?iso-8859-1?Q?caf=E9?=", "café"), ("=?x?Q?y?=", "=?x?Q?y?="),
        ("=?UTF-8?B?w6k=?= =?UTF-8?B?w6k=?=", "éé"), ("a =?UTF-8?B?w6k=?= b", "a é b"), ("=?=?=?", "=?=?=?"),
        ("=?UTF-8?B?###?=", "=?UTF-8?B?###?="),
    ]) func readsEncodedWords(written: String, expected: String) {
        #expect(MailMessage.decodedWords(written) == expected)
    }

    @Test func readsAddresses() {
        let list = MailAddress.list("\"Ruiz, Ana\" <Ana@X.example>, joe@y.example, nobody, <z@z.example>")
        #expect(list.map(\.address) == ["ana@x.example", "joe@y.example", "z@z.example"])
        #expect(list.map(\.name) == ["Ruiz, Ana", nil, nil])
        #expect(MailAddress.list(String(repeating: "a@b.co,", count: 5_000)).count == 100)
    }

    @Test func readsHTML() {
        #expect(HTMLText.plain("<html><head><title>t</title></head><p>a <b>b</b></p><br>c<style>x</style>") == "a b\nc")
        #expect(HTMLText.plain("<div hidden=''>no</div>yes &lt;b&gt; &amp;lt;") == "yes <b> &lt;")
        #expect(HTMLText.plain("<div style=\"display:none\"><div>no</div>no</div>yes") == "yes")
        #expect(HTMLText.plain("a < b <") == "a")
        #expect(HTMLText.plain(String(repeating: "<", count: 100_000)).isEmpty)
    }
}
