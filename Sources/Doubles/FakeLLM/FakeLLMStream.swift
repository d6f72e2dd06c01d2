import JSON

/// The bytes of the double's answers. Pure.
enum FakeLLMStream {
    static func event(_ json: JSONValue, lineEnd: String = "\n") -> [UInt8] {
        Array("data: ".utf8) + json.encoded + Array((lineEnd + lineEnd).utf8)
    }

    static func chunk(
        _ delta: JSONValue, finish: String?, id: String = "chatcmpl-double", lineEnd: String = "\n"
    ) -> [UInt8] {
        event(
            [
                "id": .string(id), "object": "chat.completion.chunk", "model": "fake-1",
                "choices": [
                    ["index": 0, "delta": delta, "finish_reason": finish.map { .string($0) } ?? .null]
                ],
            ], lineEnd: lineEnd)
    }

    static func usage(lineEnd: String = "\n") -> [UInt8] {
        event(["id": "chatcmpl-double", "model": "fake-1", "choices": [], "usage": counted], lineEnd: lineEnd)
    }

    static let counted: JSONValue = [
        "prompt_tokens": 120, "completion_tokens": 20, "total_tokens": 140,
        "prompt_tokens_details": ["cached_tokens": 100],
    ]

    static func completion(_ message: JSONValue, finish: String?, usage: Bool) -> JSONValue {
        var json: JSONObject = [
            "id": "chatcmpl-double", "object": "chat.completion", "model": "fake-1",
            "choices": [
                ["index": 0, "message": message, "finish_reason": finish.map { .string($0) } ?? .null]
            ],
        ]
        if usage { json["usage"] = counted }
        return .object(json)
    }

    /// The events of a text.
    static func text(_ text: String, _ shape: FakeLLM.ReplyShape) -> [[UInt8]] {
        let shown = shape.cutAfterCharacters.map { String(text.prefix($0)) } ?? text
        let size = max(1, (shown.count + shape.chunks - 1) / max(1, shape.chunks))
        var parts: [[UInt8]] = []
        var rest = shown[...]
        while !rest.isEmpty {
            var delta: JSONObject = ["content": .string(String(rest.prefix(size)))]
            if parts.isEmpty, !shape.changesIds { delta["role"] = "assistant" }
            let id = shape.changesIds ? "chatcmpl-\(parts.count)" : "chatcmpl-double"
            parts.append(chunk(.object(delta), finish: nil, id: id, lineEnd: shape.lineEnd))
            rest = rest.dropFirst(size)
        }
        return parts
    }

    /// The bytes as they are written: cut off, and in pieces of another size than the events when that is asked for.
    static func writes(_ parts: [[UInt8]], _ shape: FakeLLM.ReplyShape) -> [[UInt8]] {
        guard shape.cutAfter != nil || shape.writes != nil else { return parts }
        var bytes = parts.flatMap { $0 }[...]
        if let limit = shape.cutAfter { bytes = bytes.prefix(limit) }
        let size = max(1, shape.writes ?? bytes.count)
        var writes: [[UInt8]] = []
        while !bytes.isEmpty {
            writes.append(Array(bytes.prefix(size)))
            bytes = bytes.dropFirst(size)
        }
        return writes
    }

    /// A call in one piece.
    static func whole(_ call: FakeLLM.Call, _ index: Int, _ shape: FakeLLM.CallShape) -> JSONValue {
        piece(call, index, shape, name: call.name, arguments: call.arguments, isFirst: true)
    }

    /// A call in the pieces of this shape.
    static func pieces(_ call: FakeLLM.Call, _ index: Int, _ shape: FakeLLM.CallShape) -> [JSONValue] {
        if shape == .oneChunk || shape == .objectArguments { return [whole(call, index, shape)] }
        let half = call.arguments.count / 2
        var pieces = [
            piece(call, index, shape, name: call.name, arguments: "", isFirst: true),
            piece(call, index, shape, name: nil, arguments: String(call.arguments.prefix(half)), isFirst: false),
            piece(call, index, shape, name: nil, arguments: String(call.arguments.dropFirst(half)), isFirst: false),
        ]
        if shape == .repeatedId {
            pieces.append(
                piece(
                    call, index, shape, name: call.name, arguments: JSONValue.string(call.arguments).encodedString,
                    isFirst: false))
        }
        return pieces
    }

    private static func piece(
        _ call: FakeLLM.Call, _ index: Int, _ shape: FakeLLM.CallShape, name: String?, arguments: String, isFirst: Bool
    ) -> JSONValue {
        var function = JSONObject()
        if let name { function["name"] = .string(name) }
        function["arguments"] = .string(arguments)
        if shape == .objectArguments { function["arguments"] = (try? JSONValue.parse(arguments)) ?? .null }
        var json: JSONObject = ["type": "function", "function": .object(function)]
        if shape != .withoutIndex { json["index"] = .integer(shape == .zeroIndex ? 0 : Int64(index)) }
        if shape != .withoutId, isFirst || shape == .repeatedId { json["id"] = .string(call.id) }
        return .object(json)
    }
}
