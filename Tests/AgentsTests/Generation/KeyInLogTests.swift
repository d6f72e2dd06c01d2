import Doubles
import Foundation
import LanguageModels
import Logging
import Synchronization
import Testing

@testable import Agents

/// A model's key is read by the request that needs it and by nothing else.
@Suite("Keys of models stay out of logs and errors", .timeLimit(.minutes(2)))
struct KeyInLogTests {
    /// Keeps all that is logged.
    private final class Book: Sendable {
        private let state = Mutex<[String]>([])
        var lines: [String] { state.withLock { $0 } }
        func add(_ line: String) { state.withLock { $0.append(line) } }
    }

    private struct Handler: LogHandler {
        let book: Book
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) {
            book.add("\(event.message) \(metadata) \(event.metadata ?? [:])")
        }
    }

    private static let secret = "test-key-that-nobody-may-read"

    private static let faults: [FakeLLM.Action] = [
        .status(401), .status(429, retryAfter: "0"), .status(500), .status(400, code: "bad"), .garbage, .errorObject,
        .errorInStream(after: "The. "), .redirect("http://127.0.0.1:1/"), .reply("It is €5.", .init()),
    ]

    @Test("However a model fails, no log line and no answer holds its key", arguments: faults.indices)
    func failing(_ which: Int) async throws {
        let book = Book()
        let logger = Logger(label: "test") { _ in Handler(book: book) }
        let llm = FakeLLM(otherwise: Self.faults[which])
        let world = World(llm, fallback: "other", key: ModelKey(Self.secret), logger: logger)
        let answer = try await world.answer("how much?")
        #expect(answer.mode == .deterministic && !answer.text.contains(Self.secret))
        #expect(llm.requests.first?.headers["authorization"] == "Bearer \(Self.secret)", "the key was used")
        #expect(!book.lines.isEmpty)
        for line in book.lines { #expect(!line.contains(Self.secret), "\(line)") }
    }

    @Test("A profile that is printed or dumped does not show it")
    func described() throws {
        let profile = try #require(
            ModelProfile(id: "p", baseURL: "https://x.example/v1", key: ModelKey(Self.secret), model: "m"))
        var dumped = ""
        dump(profile, to: &dumped)
        for text in ["\(profile)", String(reflecting: profile), dumped] { #expect(!text.contains(Self.secret)) }
    }
}
