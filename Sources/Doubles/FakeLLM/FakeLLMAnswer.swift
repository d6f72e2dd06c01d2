import Hummingbird
import JSON
import NIOCore

/// One answer of the double, put on the wire.
struct FakeLLMAnswer: Sendable {
    /// The connection is to break.
    struct Cut: Error {}

    let action: FakeLLM.Action
    let request: FakeLLM.Recorded

    private var isStreamed: Bool { request.body["stream"]?.boolValue == true }
    private var wantsUsage: Bool { request.body["stream_options"]?["include_usage"]?.boolValue == true }

    func response() async throws -> Response {
        switch action {
        case .reply(let text, let shape): try await reply(text, shape)
        case .call(let calls, let shape): self.calls(calls, shape)
        case .status(let status, let retryAfter, let code): refusal(status, retryAfter, code)
        case .held(let texts, let gate): held(texts, gate)
        case .errorObject: FakeLLM.json(Self.error("server_error", "out of order"))
        case .errorInStream(let text):
            stream(
                FakeLLMStream.text(text, FakeLLM.ReplyShape()) + [FakeLLMStream.event(Self.error("server_error", ""))])
        case .garbage:
            Response(
                status: .ok, headers: [.contentType: "text/event-stream"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: "data: <html>\u{1}{{{\n\nnonsense\n\n")))
        case .flood(let bytes): flood(bytes)
        case .never: try await never()
        case .silence(let text): silence(text)
        case .redirect(let location):
            Response(status: .temporaryRedirect, headers: [.location: location])
        case .echo:
            try await reply(
                "You said: \(request.lastUser)",
                .init {
                    $0.chunks = 12; $0.delay = .milliseconds(40)
                })
        }
    }

    private func reply(_ text: String, _ shape: FakeLLM.ReplyShape) async throws -> Response {
        try await Task.sleep(for: shape.lead)
        guard isStreamed else {
            return FakeLLM.json(
                FakeLLMStream.completion(
                    ["role": "assistant", "content": .string(text)], finish: shape.finish, usage: shape.sendsUsage))
        }
        var parts = FakeLLMStream.text(text, shape)
        if shape.cutAfterCharacters != nil { return stream(parts, shape, isCut: true) }
        if let finish = shape.finish { parts.append(FakeLLMStream.chunk([:], finish: finish, lineEnd: shape.lineEnd)) }
        if wantsUsage, shape.sendsUsage { parts.append(FakeLLMStream.usage(lineEnd: shape.lineEnd)) }
        if shape.sendsDone { parts.append(Array("data: [DONE]\(shape.lineEnd)\(shape.lineEnd)".utf8)) }
        return stream(parts, shape, isCut: shape.cutAfter != nil)
    }

    private func calls(_ calls: [FakeLLM.Call], _ shape: FakeLLM.CallShape) -> Response {
        let finish = shape == .finishStop ? "stop" : "tool_calls"
        guard isStreamed else {
            return FakeLLM.json(
                FakeLLMStream.completion(
                    [
                        "role": "assistant", "content": .null,
                        "tool_calls": .array(calls.enumerated().map { FakeLLMStream.whole($1, $0, shape) }),
                    ], finish: finish, usage: true))
        }
        var parts = calls.enumerated().flatMap { FakeLLMStream.pieces($1, $0, shape) }.map { piece in
            FakeLLMStream.chunk(["tool_calls": [piece]], finish: nil)
        }
        parts.append(FakeLLMStream.chunk([:], finish: finish))
        if wantsUsage { parts.append(FakeLLMStream.usage()) }
        return stream(parts + [Array("data: [DONE]\n\n".utf8)])
    }

    private func refusal(_ status: Int, _ retryAfter: String?, _ code: String?) -> Response {
        let code = code ?? (status == 429 ? "rate_limit_exceeded" : "refused")
        var response = FakeLLM.json(
            Self.error(code, FakeLLM.ServerQuirk.message(code)), status: .init(code: status))
        if let retryAfter { response.headers[.retryAfter] = retryAfter }
        return response
    }

    private func flood(_ bytes: Int) -> Response {
        let piece = FakeLLMStream.chunk(["content": .string(String(repeating: "word ", count: 2_000))], finish: nil)
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream"],
            body: ResponseBody { writer in
                var sent = 0
                while sent < bytes {
                    try await writer.write(ByteBuffer(bytes: piece))
                    sent += piece.count
                }
                try await writer.finish(nil)
            })
    }

    private func never() async throws -> Response {
        try await Task.sleep(for: .seconds(3_600))
        throw Cut()
    }

    private func silence(_ text: String) -> Response {
        let parts = FakeLLMStream.text(text, FakeLLM.ReplyShape())
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream"],
            body: ResponseBody { writer in
                for part in parts { try await writer.write(ByteBuffer(bytes: part)) }
                try await Task.sleep(for: .seconds(3_600))
                throw Cut()
            })
    }

    private func held(_ texts: [String], _ gate: FakeLLM.Gate) -> Response {
        let parts = texts.map { FakeLLMStream.text($0, FakeLLM.ReplyShape()) }
        let usage = wantsUsage ? [FakeLLMStream.usage()] : []
        let end = [FakeLLMStream.chunk([:], finish: "stop")] + usage + [Array("data: [DONE]\n\n".utf8)]
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream"],
            body: ResponseBody { writer in
                var signals = gate.signals.makeAsyncIterator()
                for (number, part) in parts.enumerated() {
                    if number > 0 { _ = await signals.next() }
                    for event in part { try await writer.write(ByteBuffer(bytes: event)) }
                }
                for event in end { try await writer.write(ByteBuffer(bytes: event)) }
                try await writer.finish(nil)
            })
    }

    private func stream(
        _ parts: [[UInt8]], _ shape: FakeLLM.ReplyShape = FakeLLM.ReplyShape(), isCut: Bool = false
    ) -> Response {
        let writes = FakeLLMStream.writes(parts, shape)
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream; charset=utf-8"],
            body: ResponseBody { writer in
                for write in writes {
                    if shape.delay > .zero { try await Task.sleep(for: shape.delay) }
                    try await writer.write(ByteBuffer(bytes: write))
                }
                if isCut {
                    // A reset takes away what the client has not read yet.
                    try await Task.sleep(for: .milliseconds(200))
                    throw Cut()
                }
                try await writer.finish(nil)
            })
    }

    static func error(_ code: String, _ message: String) -> JSONValue {
        ["error": ["message": .string(message), "type": "double_error", "code": .string(code)]]
    }
}
