import Testing

@testable import Server

@Suite struct WebhookSignatureTests {
    /// The example of Standard Webhooks' own libraries.
    @Test func itIsTheOneOfTheStandard() {
        let signature = WebhookSignature.sign(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: Array(#"{"test": 2432232314}"#.utf8),
            secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test(arguments: ["", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_not base64"])
    func whatIsNoSecretSignsNothing(secret: String) {
        #expect(WebhookSignature.sign(id: "a", timestamp: 1, body: [], secret: secret) == nil)
    }
}
