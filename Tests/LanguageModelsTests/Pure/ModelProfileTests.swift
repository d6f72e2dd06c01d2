import JSON
import Testing

@testable import LanguageModels

@Suite("Where a model is, and what it costs")
struct ModelProfileTests {
    @Test("Addresses that can be asked, and those that cannot")
    func addresses() {
        #expect(ModelProfile.address("http://127.0.0.1:11434/v1/") == "http://127.0.0.1:11434/v1")
        #expect(ModelProfile.address("HTTPS://api.openai.com/v1") == "https://api.openai.com/v1")
        for bad in [
            "", "ftp://a", "http://", "https:///v1", "http://user:pw@host/v1", "http://host/v1?x=1", "http://ho st",
            "http://host/#a", "http://:80/", "file:///etc", "http://hos\nt",
        ] {
            #expect(ModelProfile.address(bad) == nil, "\(bad)")
        }
    }

    @Test("A key is shown by nothing that prints")
    func secret() throws {
        let key = try #require(ModelKey("very-secret-key"))
        let profile = try #require(ModelProfile(id: "p", baseURL: "http://a/v1", key: key, model: "m"))
        var dumped = ""
        dump(profile, to: &dumped)
        for text in ["\(profile)", String(reflecting: profile), dumped, "\(key)", String(reflecting: [key])] {
            #expect(!text.contains("very-secret-key"), "\(text)")
        }
        #expect(ModelKey("a\nb") == nil)
        #expect(ModelKey("") == nil)
    }

    @Test("What tokens cost, rounded up, cached ones at their own price")
    func cost() {
        let prices = ModelPrices(input: 2_500_000, output: 10_000_000, cached: 250_000)
        #expect(prices.cost(of: ChatUsage(promptTokens: 1_000, completionTokens: 100, cachedTokens: 600)) == 2_150)
        #expect(prices.cost(of: ChatUsage(promptTokens: 1)) == 3)
        #expect(ModelPrices().cost(of: ChatUsage(promptTokens: 99)) == 0)
        #expect(prices.cost(of: ChatUsage(promptTokens: .max, completionTokens: .max)) == .max)
    }

    @Test("A refusal teaches what the server wants, each thing once")
    func learning() {
        var quirks = ModelQuirks(baseURL: "https://api.openai.com/v1")
        func learns(_ refusal: String) -> Bool { quirks.learn(from: refusal) }
        #expect(quirks.tokenField == .maximumCompletionTokens)
        #expect(learns("Unknown field: max_completion_tokens"))
        #expect(quirks.tokenField == .maximumTokens)
        #expect(learns("stream_options.include_usage is not allowed"))
        #expect(!quirks.supportsStreamUsage)
        #expect(!learns("stream_options again"))
        #expect(learns("Unsupported value: 'temperature' does not support 0.2"))
        #expect(learns("mistral:7b does not support tools"))
        #expect(!quirks.supportsTools)
        #expect(learns("only user and assistant roles are supported, not system"))
        #expect(quirks.systemRole == .user)
        #expect(!learns("something else"))
    }

    @Test("Without a role for rules these go in front of what the person says")
    func systemRole() throws {
        var quirks = ModelQuirks()
        quirks.systemRole = .user
        let request = ChatRequest(messages: [.system("rules"), .assistant("old"), .user("hello"), .user("more")])
        let body = ChatRequestBody(request: request, model: "m", quirks: quirks, isStreamed: true)
        let json = try JSONValue.parse(body.encoded)
        #expect(
            json["messages"] == [
                ["role": "assistant", "content": "old"], ["role": "user", "content": "rules\n\nhello"],
                ["role": "user", "content": "more"],
            ])
        #expect(json["max_tokens"] == 600)
        #expect(json["stream_options"] == ["include_usage": true])
    }

    @Test("Errors carry the provider's short word, never its sentence")
    func errors() {
        func error(_ status: Int, _ body: String) -> ModelError {
            ModelRefusal(body: Array(body.utf8)).error(status: status, retryAfter: nil)
        }
        let wrongKey = error(401, #"{"error":{"message":"Incorrect key sk-abc123","code":"invalid_api_key"}}"#)
        #expect(wrongKey.code == .unauthorized)
        #expect(wrongKey.description == "unauthorized, status 401, invalid_api_key")
        #expect(error(429, #"{"error":{"code":"rate_limit_exceeded"}}"#).code == .rateLimited)
        #expect(error(429, #"{"error":{"type":"insufficient_quota","code":null}}"#).code == .quota)
        #expect(error(402, "").code == .quota)
        #expect(error(400, #"{"error":{"code":"context_length_exceeded"}}"#).code == .unsuitable)
        #expect(error(400, #"{"error":{"message":"this model's maximum context is 4"}}"#).code == .unsuitable)
        #expect(error(422, "<html>").code == .badRequest)
        #expect(error(503, "{\"detail\":1}").code == .server)
        #expect(error(302, "").code == .redirect)
        #expect(error(400, #"{"error":{"code":"sk-not-a-word"}}"#).detail == nil)
    }
}
