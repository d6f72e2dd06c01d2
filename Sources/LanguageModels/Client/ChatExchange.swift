import AsyncHTTPClient
import Egress
import JSON
import NIOCore
import NIOHTTP1

/// One request and its answer, without tries and breakers.
struct ChatExchange: Sendable {
    /// How a server is reached.
    enum Door: Sendable {
        /// The operator's own address: as it is.
        case open(HTTPClient)
        /// An address that a company gave: by the rules for such addresses.
        case guarded(EgressClient?)
    }

    let door: Door
    let profile: ModelProfile
    let model: String
    let quirks: ModelQuirks
    let request: ChatRequest
    /// Hears the text; nil asks for the answer as a whole.
    let onText: (@Sendable (String) async -> Void)?

    private var limits: ModelLimits { profile.limits }
    private var isStreamed: Bool { onText != nil && quirks.supportsStreaming }

    /// A server's refusal, with what there is to learn from it.
    struct Refused: Error {
        var error: ModelError
        var message: String
    }

    /// Makes the exchange within the profile's limits.
    /// - Throws: ``Refused`` for a status other than 200, ``ModelError`` for all else; `CancellationError`.
    func run() async throws -> ChatAnswer {
        let watch = ExchangeWatch(limits)
        do {
            return try await withThrowingTaskGroup(of: ChatAnswer?.self) { group in
                group.addTask { try await exchange(watch) }
                group.addTask {
                    try await watch.run()
                    return nil
                }
                defer { group.cancelAll() }
                guard let answer = try await group.next() ?? nil else { throw ModelError(.wholeTimeout) }
                return answer
            }
        } catch let error as ModelError {
            throw error
        } catch let error as Refused {
            throw error
        } catch {
            try Task.checkCancellation()
            throw ModelError(.connection, detail: Self.words(error))
        }
    }

    private func exchange(_ watch: ExchangeWatch) async throws -> ChatAnswer {
        switch door {
        case .open(let client): return try await exchange(watch, client)
        case .guarded(let egress):
            guard let egress else { throw ModelError(.connection, detail: "companies' models are not reached here") }
            return try await egress.lend(for: profile.baseURL) { try await exchange(watch, $0) }
        }
    }

    private func exchange(_ watch: ExchangeWatch, _ client: HTTPClient) async throws -> ChatAnswer {
        var http = HTTPClientRequest(url: profile.baseURL + "/chat/completions")
        http.method = .POST
        http.headers.add(name: "Content-Type", value: "application/json")
        http.headers.add(name: "Accept", value: isStreamed ? "text/event-stream" : "application/json")
        if let key = profile.key { http.headers.add(name: "Authorization", value: "Bearer \(key.text)") }
        let body = ChatRequestBody(request: request, model: model, quirks: quirks, isStreamed: isStreamed)
        http.body = .bytes(body.encoded)
        // The deadline ends with the head; the watch sees to the rest.
        let response = try await client.execute(http, deadline: .now() + .seconds(3_600))
        watch.sign()
        guard response.status == .ok else { throw try await refusal(response, watch) }
        let type = response.headers.first(name: "Content-Type")?.lowercased() ?? ""
        if isStreamed, !type.contains("json") { return try await streamed(response.body, watch) }
        return try await whole(response.body, watch)
    }

    private func streamed(_ body: HTTPClientResponse.Body, _ watch: ExchangeWatch) async throws -> ChatAnswer {
        var parser = EventStreamParser(maximumEvent: limits.eventBytes, maximumTotal: limits.answerBytes)
        var answer = ChatAccumulator(limits: limits)
        do {
            for try await piece in body {
                watch.sign()
                for event in try Self.events(piece, &parser) {
                    if event.data == Self.done { return try finished(answer, isTold: true) }
                    let text = try answer.add(try Self.json(event.data))
                    if !text.isEmpty { await onText?(text) }
                    watch.sign()
                }
            }
        } catch let error as ModelError {
            throw error
        } catch {
            try Task.checkCancellation()
            // Nothing of the answer is missing: only the usage, perhaps.
            if answer.isFinished { return try finished(answer, isTold: false) }
            throw ModelError(answer.hasAnswer ? .cutShort : .connection, detail: Self.words(error))
        }
        if let event = parser.finish(), event.data != Self.done, let json = try? Self.json(event.data) {
            let text = try answer.add(json)
            if !text.isEmpty { await onText?(text) }
        }
        return try finished(answer, isTold: false)
    }

    /// - Parameter isTold: the server said that the stream is at its end.
    private func finished(_ accumulator: ChatAccumulator, isTold: Bool) throws(ModelError) -> ChatAnswer {
        guard isTold || accumulator.isFinished || !accumulator.hasAnswer else { throw ModelError(.cutShort) }
        return estimated(try accumulator.answer())
    }

    private func whole(_ body: HTTPClientResponse.Body, _ watch: ExchangeWatch) async throws -> ChatAnswer {
        let bytes = try await collect(body, watch, isComplete: true)
        var accumulator = ChatAccumulator(limits: limits)
        let text = try accumulator.add(try Self.json(bytes))
        let answer = estimated(try accumulator.answer())
        if !text.isEmpty { await onText?(text) }
        return answer
    }

    private func estimated(_ answer: ChatAnswer) -> ChatAnswer {
        guard answer.usage.isEstimated else { return answer }
        var answer = answer
        answer.usage.promptTokens = request.estimatedTokens
        return answer
    }

    private func refusal(_ response: HTTPClientResponse, _ watch: ExchangeWatch) async throws -> Refused {
        let body = (try? await collect(response.body, watch, isComplete: false)) ?? []
        try Task.checkCancellation()
        let refusal = ModelRefusal(body: body)
        let wait = RetryPolicy.seconds(response.headers.first(name: "Retry-After"))
        return Refused(
            error: refusal.error(status: Int(response.status.code), retryAfter: wait), message: refusal.message)
    }

    /// The body's bytes.
    /// - Parameter isComplete: whether a body over the limit is an error; else its beginning is returned.
    private func collect(
        _ body: HTTPClientResponse.Body, _ watch: ExchangeWatch, isComplete: Bool
    ) async throws -> [UInt8] {
        let limit = isComplete ? limits.answerBytes : 64 << 10
        var bytes: [UInt8] = []
        for try await piece in body {
            watch.sign()
            bytes.append(contentsOf: piece.readableBytesView)
            if bytes.count > limit {
                if isComplete { throw ModelError(.tooLarge, detail: "an answer of more than \(limit) bytes") }
                return Array(bytes.prefix(limit))
            }
        }
        return bytes
    }

    private static let done = Array("[DONE]".utf8)

    private static func events(
        _ piece: ByteBuffer, _ parser: inout EventStreamParser
    ) throws(ModelError) -> [ServerSentEvent] {
        do {
            return try parser.feed(piece.readableBytesView)
        } catch {
            switch error {
            case .eventTooLarge(let limit): throw ModelError(.tooLarge, detail: "an event of more than \(limit) bytes")
            case .streamTooLarge(let limit):
                throw ModelError(.tooLarge, detail: "an answer of more than \(limit) bytes")
            }
        }
    }

    private static func json(_ bytes: [UInt8]) throws(ModelError) -> JSONValue {
        do { return try JSONValue.parse(bytes) } catch { throw ModelError(.malformed, detail: "not JSON") }
    }

    /// The kind of a transport's failure, without addresses.
    private static func words(_ error: any Error) -> String {
        if let error = error as? EgressError { return error.message }
        if let error = error as? HTTPClientError { return error.shortDescription }
        return "\(type(of: error))"
    }
}
