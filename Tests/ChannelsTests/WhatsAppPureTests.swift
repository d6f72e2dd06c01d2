import Foundation
import JSON
import Testing

@testable import Channels
@testable import Tenancy

@Suite struct WhatsAppPureTests {
    private let secrets = ChannelSecrets([.appSecret: "a-secret-of-an-app", .verifyToken: "word"])

    @Test func aSignatureIsForEveryByte() {
        let body = Array(#"{"a": 1}"#.utf8)
        // openssl dgst -sha256 -hmac a-secret-of-an-app
        let right = "sha256=" + Self.hmac(body)
        #expect(WhatsAppSignature.isValid(right, body: body, by: secrets))
        #expect(
            WhatsAppSignature.isValid(right.uppercased().replacing("SHA256", with: "sha256"), body: body, by: secrets))
        for bad in [
            nil, "", "sha256=", right + "0", String(right.dropLast()), "sha1=" + right.dropFirst(7),
            "sha256=" + String(repeating: "0", count: 64),
        ] {
            #expect(!WhatsAppSignature.isValid(bad, body: body, by: secrets))
        }
        #expect(!WhatsAppSignature.isValid(right, body: body + [0x20], by: secrets))
        #expect(!WhatsAppSignature.isValid(right, body: body, by: ChannelSecrets()))
        #expect(
            WhatsAppSignature.verifies("word", by: secrets) && !WhatsAppSignature.verifies("", by: ChannelSecrets()))
    }

    private static func hmac(_ body: [UInt8]) -> String {
        HMACReference.hex(body, key: Array("a-secret-of-an-app".utf8))
    }

    @Test func businessScopedIdsHaveTheirForm() {
        for good in ["US.13491208655302741918", "DE.ENT.abc", "ES.a"] { #expect(BusinessScopedId.isOne(good)) }
        for bad in [
            "", "US", "US.", "us.1", "USA.1", "US.ENT.", "US.1.2", "US.a-b", "US." + String(repeating: "a", count: 129),
        ] {
            #expect(!BusinessScopedId.isOne(bad), "\(bad)")
        }
    }

    @Test func manyEventsAreBounded() {
        let messages = (0..<5_000).map { number -> JSONValue in
            ["id": .string("m\(number)"), "from": "1", "type": "text", "text": ["body": "x"]]
        }
        let body: JSONValue = [
            "object": "whatsapp_business_account",
            "entry": [["changes": [["value": ["metadata": ["phone_number_id": "7"], "messages": .array(messages)]]]]],
        ]
        let envelope = WhatsAppEnvelope(body.encoded, phoneNumberId: "7")
        #expect(envelope.events.count == WhatsAppEnvelope.maximumEvents && envelope.ignored == 3_000)
        #expect(WhatsAppEnvelope(body.encoded, phoneNumberId: "8").events.isEmpty)
    }

    @Test func codesMeanWhatMetaSays() {
        for code: Int64 in [190, 10, 200, 299, 131031, 131042, 368, 133010] {
            guard case .paused = GraphError(code: code).outcome else {
                Issue.record("\(code)")
                continue
            }
        }
        for code: Int64 in [4, 80007, 130429, 131056, 131048, 131000, 131016, 135000] {
            guard case .again = GraphError(code: code).outcome else {
                Issue.record("\(code)")
                continue
            }
        }
        #expect(GraphError(code: 131047).outcome == .held)
        for code: Int64? in [131026, 131051, 131008, 131009, 131021, 131030, 131049, 132000, 999_999, nil] {
            guard case .failed = GraphError(code: code).outcome else {
                Issue.record("\(String(describing: code))")
                continue
            }
        }
    }
}
