import Doubles
import Logging
import Synchronization
import Testing

@testable import LanguageModels

/// What a listener heard.
final class Heard: Sendable {
    private let state = Mutex<(text: String, breaks: Int)>(("", 0))
    private let pauses = Mutex(0)
    var text: String { state.withLock { $0.text } }
    var breaks: Int { state.withLock { $0.breaks } }
    /// Pauses between tries, which is tries less one.
    var tries: Int { pauses.withLock { $0 } + 1 }

    func pause() { pauses.withLock { $0 += 1 } }

    /// A listener that forgets what a break voids, and says whether there was any.
    var listener: ChatListener {
        ChatListener(
            onText: { text in self.state.withLock { $0.text += text } },
            onBreak: {
                self.state.withLock { state in
                    defer { state.text = "" }
                    state.breaks += 1
                    return !state.text.isEmpty
                }
            })
    }
}

@Suite("A model is asked over HTTP, whatever its server does")
struct ModelClientTests {
    private let heard = Heard()

    /// Asks once, with pauses that take no time.
    private func ask(
        _ llm: FakeLLM, streamed: Bool = true, tools: [ChatTool] = [], fallback: String? = nil,
        limits: ModelLimits = ModelLimits(), times: Int = 1
    ) async throws -> [Result<ChatAnswer, ModelError>] {
        try await withDouble(llm) { running in
            let client = ModelClient(logger: Logger(label: "test"), pause: { _ in heard.pause() }, chance: { 0.5 })
            let profile = try #require(
                ModelProfile(
                    id: "test", baseURL: running.address + "/v1", key: ModelKey("secret-of-the-test"), model: "fake",
                    fallbackModel: fallback, limits: limits))
            var results: [Result<ChatAnswer, ModelError>] = []
            for _ in 0..<times {
                let request = ChatRequest(
                    messages: [.system("rules"), .user("hi")], tools: tools, temperature: 0.2, cacheKey: "k")
                do {
                    results.append(
                        .success(
                            try await client.answer(
                                request, of: profile, model: "fake", listener: streamed ? heard.listener : nil)))
                } catch let error as ModelError { results.append(.failure(error)) }
            }
            await client.shutdown()
            return results
        }
    }

    private func code(_ result: Result<ChatAnswer, ModelError>?) -> ModelError.Code? {
        if case .failure(let error)? = result { error.code } else { nil }
    }

    private static let tool = ChatTool(name: "look_up", description: "Looks up.", parameters: ["type": "object"])

    @Test("A held answer comes in parts, each once it is released", .timeLimit(.minutes(1)))
    func held() async throws {
        let gate = FakeLLM.Gate()
        let llm = FakeLLM(.init(.any, .held(["One. ", "Two."], gate)))
        async let results = ask(llm)
        while heard.text != "One. " { try await Task.sleep(for: .milliseconds(5)) }
        gate.open()
        #expect(try await results.first?.get().text == "One. Two.")
    }

    @Test("A streamed answer, written in pieces of three bytes, with CRLF, changing ids and no role")
    func streamed() async throws {
        let text = "Das kostet 89 €, señor. 日本 🙂"
        let llm = FakeLLM(
            .reply(
                text,
                .init {
                    $0.chunks = 40
                    $0.writes = 3
                    $0.lineEnd = "\r\n"
                    $0.changesIds = true
                }))
        let answer = try #require(try await ask(llm).first).get()
        #expect(answer.text == text)
        #expect(heard.text == text)
        #expect(answer.usage == ChatUsage(promptTokens: 120, completionTokens: 20, cachedTokens: 100))
        let request = try #require(llm.requests.first)
        #expect(request.headers["authorization"] == "Bearer secret-of-the-test")
        #expect(request.body["prompt_cache_key"] == nil, "only the official service knows it")
        try llm.assertConsumed()
    }

    @Test("Not streamed")
    func whole() async throws {
        let answer = try #require(try await ask(FakeLLM(.reply("Hello.")), streamed: false).first).get()
        #expect(answer.text == "Hello.")
        #expect(!answer.usage.isEstimated)
    }

    @Test("Tool calls in every shape, streamed and not", arguments: FakeLLM.CallShape.allCases)
    func calls(_ shape: FakeLLM.CallShape) async throws {
        for streamed in [true, false] {
            let llm = FakeLLM(
                .call(
                    .init("look_up", #"{"q":"a b"}"#, id: "c1"), .init("look_up", #"{"q":"é"}"#, id: "c2"),
                    shape: shape))
            let answer = try #require(try await ask(llm, streamed: streamed, tools: [Self.tool]).first).get()
            #expect(answer.calls.map(\.name) == ["look_up", "look_up"])
            #expect(answer.calls.map(\.arguments) == [#"{"q":"a b"}"#, #"{"q":"é"}"#])
            if shape != .withoutId { #expect(answer.calls.map(\.id) == ["c1", "c2"]) }
            #expect(llm.requests.first?.tools == ["look_up"])
        }
    }

    @Test("A server that refuses a field is asked again without it, and the next time at once")
    func quirks() async throws {
        let llm = FakeLLM(
            .init(.any, .reply("ok.", .init()), times: 2), quirks: [.streamOptions, .maximumTokens, .temperature])
        let results = try await ask(llm, times: 2)
        #expect(results.map { try? $0.get().text } == ["ok.", "ok."])
        #expect(try results[0].get().retries == 0)
        #expect(llm.requests.count == 5)
        #expect(llm.requests.last?.body["max_completion_tokens"] == 600)
    }

    @Test("No role for rules; no tools")
    func rolesAndTools() async throws {
        let roles = FakeLLM(.reply("ok."), quirks: [.systemRole])
        #expect(try await ask(roles).first?.get().text == "ok.")
        #expect(roles.requests.last?.lastUser == "rules\n\nhi")
        let tools = FakeLLM(quirks: [.tools])
        #expect(code(try await ask(tools, tools: [Self.tool]).first) == .noTools)
        #expect(tools.requests.count == 1)
    }

    @Test("429 twice, then an answer: three requests, one answer")
    func rateLimited() async throws {
        let llm = FakeLLM(.status(429, retryAfter: "0", times: 2), .reply("Here."))
        let answer = try #require(try await ask(llm).first).get()
        #expect(answer.text == "Here.")
        #expect(answer.retries == 2)
        #expect(llm.requests.count == 3)
    }

    @Test("408, 409, 500 and 503 are tried twice more and no oftener", arguments: [408, 409, 500, 503])
    func serverFaults(_ status: Int) async throws {
        let llm = FakeLLM(.status(status, times: 3))
        #expect(code(try await ask(llm).first) == .server)
        try llm.assertConsumed()
    }

    @Test(
        "What repeating cannot cure is asked once and opens the breaker",
        arguments: [400, 401, 403, 404, 422, 402, 429])
    func fatal(_ status: Int) async throws {
        let llm = FakeLLM(.status(status, code: status == 429 ? "insufficient_quota" : nil))
        let results = try await ask(llm, times: 2)
        #expect(code(results[1]) == .breakerOpen)
        #expect(llm.requests.count == 1)
    }

    @Test("A request that is itself at fault does not open the breaker")
    func unsuitable() async throws {
        let llm = FakeLLM(.status(400, code: "context_length_exceeded"), .reply("ok."))
        let results = try await ask(llm, times: 2)
        #expect(code(results[0]) == .unsuitable)
        #expect(try results[1].get().text == "ok.")
    }

    @Test("A stream that breaks after text was heard begins anew once, and is heard once")
    func cut() async throws {
        let llm = FakeLLM(
            .reply(String(repeating: "word ", count: 20), .init { $0.cutAfterCharacters = 40 }), .reply("All of it."))
        let answer = try #require(try await ask(llm).first).get()
        #expect(answer.text == "All of it.")
        #expect(heard.text == "All of it.")
        #expect(heard.breaks == 1)
        #expect(answer.usage.isEstimated, "the broken try was paid for")
        let twice = FakeLLM(.init(.any, .reply("word word", .init { $0.cutAfterCharacters = 4 }), times: 3))
        #expect(code(try await ask(twice).first) == .cutShort)
        #expect(twice.requests.count == 2)
    }

    @Test("A cut in the middle of an event, an error in the stream, an error object with 200", arguments: 0..<3)
    func broken(_ which: Int) async throws {
        let actions: [FakeLLM.Action] = [
            .reply("word word", .init { $0.cutAfter = 77 }), .errorInStream(after: "Half "), .errorObject,
        ]
        let llm = FakeLLM(.init(.any, actions[which]), .reply("Whole."))
        #expect(try await ask(llm).first?.get().text == "Whole.")
        #expect(heard.text == "Whole.")
    }

    @Test("No [DONE], no usage, no finish reason: what is complete counts, what may be half does not")
    func endings() async throws {
        let noDone = FakeLLM(
            .reply(
                "ok.",
                .init {
                    $0.sendsDone = false; $0.sendsUsage = false
                }))
        let answer = try #require(try await ask(noDone).first).get()
        #expect(answer.text == "ok.")
        #expect(answer.usage.isEstimated && answer.usage.promptTokens > 0)
        let noFinish = FakeLLM(.reply("ok.", .init { $0.finish = nil }))
        #expect(try await ask(noFinish).first?.get().text == "ok.")
        let neither = FakeLLM(
            .init(
                .any,
                .reply(
                    "ok",
                    .init {
                        $0.finish = nil; $0.sendsDone = false
                    }), times: 2))
        #expect(code(try await ask(neither).first) == .cutShort)
    }

    @Test("Garbage fails at once; ten megabytes are cut at the limit")
    func garbage() async throws {
        #expect(code(try await ask(FakeLLM(.init(.any, .garbage))).first) == .malformed)
        let flood = FakeLLM(.init(.any, .flood(bytes: 10 << 20)))
        guard case .failure(let error)? = try await ask(flood).first else { Issue.record("answered"); return }
        #expect(error.code == .tooLarge)
        #expect(error.description == "too_large, text of more than 262144 bytes")
        var limits = ModelLimits()
        limits.textBytes = 1 << 30
        let bytes = FakeLLM(.init(.any, .flood(bytes: 10 << 20)))
        guard case .failure(let raw)? = try await ask(bytes, limits: limits).first else { Issue.record("x"); return }
        #expect(raw.description == "too_large, an answer of more than 4194304 bytes")
    }

    @Test("Silence before an answer ends at its limit, and is tried twice more")
    func silenceBefore() async throws {
        var limits = ModelLimits()
        limits.head = .milliseconds(300)
        #expect(code(try await ask(FakeLLM(otherwise: .never), limits: limits).first) == .headTimeout)
        #expect(heard.tries == 3)
    }

    @Test("Silence within an answer ends at its limit, and begins anew once")
    func silenceWithin() async throws {
        var limits = ModelLimits()
        limits.gap = .milliseconds(500)
        #expect(code(try await ask(FakeLLM(otherwise: .silence(after: "Half ")), limits: limits).first) == .gapTimeout)
        #expect(heard.tries == 2)
    }

    @Test("An answer that goes on and on ends at its limit")
    func slow() async throws {
        var limits = ModelLimits()
        limits.whole = .seconds(1)
        let slow = FakeLLM(
            otherwise: .reply(
                String(repeating: "slow ", count: 20),
                .init {
                    $0.chunks = 100
                    $0.delay = .milliseconds(100)
                }))
        #expect(code(try await ask(slow, limits: limits).first) == .wholeTimeout)
    }

    @Test("A redirect is refused, and nothing is sent to where it points")
    func redirect() async throws {
        let llm = FakeLLM(.init(.any, .redirect("/v1/elsewhere")))
        #expect(code(try await ask(llm).first) == .redirect)
        #expect(llm.requests.count == 1)
    }

    @Test("Nobody listens there: tried three times, then an error without the address")
    func unreachable() async throws {
        let client = ModelClient(logger: Logger(label: "test"), pause: { _ in })
        let profile = try #require(ModelProfile(id: "t", baseURL: "http://127.0.0.1:1/v1", model: "m"))
        let error = await #expect(throws: ModelError.self) {
            try await client.answer(ChatRequest(messages: [.user("x")]), of: profile, model: "m")
        }
        #expect(error?.code == .connection)
        #expect(error?.description.contains("127.0.0.1") == false)
        await client.shutdown()
    }

    @Test("Cancelling ends a call at once")
    func cancelling() async throws {
        try await withDouble(FakeLLM(.init(.any, .never))) { running in
            let client = ModelClient(logger: Logger(label: "test"))
            let profile = try #require(ModelProfile(id: "t", baseURL: running.address + "/v1", model: "m"))
            let task = Task { try await client.answer(ChatRequest(messages: [.user("x")]), of: profile, model: "m") }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(client.isUsable(profile))
            await client.shutdown()
        }
    }
}
