import JSON

/// A request as the server at hand wants it.
struct ChatRequestBody: JSONEncodable {
    let request: ChatRequest
    let model: String
    let quirks: ModelQuirks
    let isStreamed: Bool

    func encode(into writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("model", model)
            writer.field("messages", array: { writer in for message in messages { writer.value(message) } })
            if quirks.supportsTools, !request.tools.isEmpty {
                writer.field("tools", array: { writer in for tool in request.tools { writer.value(Self.tool(tool)) } })
                writer.field("tool_choice", request.toolChoice.rawValue)
            }
            switch quirks.tokenField {
            case .maximumTokens: writer.field("max_tokens", request.maximumTokens)
            case .maximumCompletionTokens: writer.field("max_completion_tokens", request.maximumTokens)
            }
            if quirks.supportsTemperature, let temperature = request.temperature {
                writer.field("temperature", temperature)
            }
            writer.field("stream", isStreamed)
            if isStreamed, quirks.supportsStreamUsage {
                writer.field("stream_options", object: { $0.field("include_usage", true) })
            }
            if quirks.sendsOfficialFields {
                writer.field("store", false)
                if let key = request.cacheKey {
                    writer.field("prompt_cache_key", key)
                    writer.field("safety_identifier", key)
                }
            }
        }
    }

    /// The messages; for servers that know no role for rules, these go in front of what the person says.
    private var messages: [JSONValue] {
        guard quirks.systemRole == .user else { return request.messages.map { json($0) } }
        let rules = request.messages.compactMap { message in
            if case .system(let text) = message { text } else { nil }
        }
        var result: [JSONValue] = []
        var isGiven = rules.isEmpty
        for message in request.messages {
            switch message {
            case .system: continue
            case .user(let text) where !isGiven:
                isGiven = true
                result.append(json(.user((rules + [text]).joined(separator: "\n\n"))))
            default: result.append(json(message))
            }
        }
        return isGiven ? result : [json(.user(rules.joined(separator: "\n\n")))] + result
    }

    private func json(_ message: ChatMessage) -> JSONValue {
        switch message {
        case .system(let text): return ["role": .string(quirks.systemRole.rawValue), "content": .string(text)]
        case .user(let text): return ["role": "user", "content": .string(text)]
        case .tool(let id, let text):
            return ["role": "tool", "tool_call_id": .string(id), "content": .string(text)]
        case .assistant(let text, let calls):
            var json: JSONObject = ["role": "assistant", "content": text.isEmpty ? .null : .string(text)]
            if !calls.isEmpty {
                json["tool_calls"] = .array(
                    calls.map { call in
                        [
                            "id": .string(call.id), "type": "function",
                            "function": ["name": .string(call.name), "arguments": .string(call.arguments)],
                        ]
                    })
            }
            return .object(json)
        }
    }

    private static func tool(_ tool: ChatTool) -> JSONValue {
        [
            "type": "function",
            "function": [
                "name": .string(tool.name), "description": .string(tool.description),
                "parameters": .object(tool.parameters),
            ],
        ]
    }
}
