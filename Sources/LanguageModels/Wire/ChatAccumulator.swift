import JSON

/// Builds an answer from the chunks of a stream, or from one whole completion. Pure; survives what compatible servers
/// do differently (docs/agents.md). Completion ids are never looked at: some servers make a new one for each chunk.
struct ChatAccumulator: Sendable {
    private let limits: ModelLimits
    private var text = ""
    private var refusal = ""
    private var assembly: ToolCallAssembly
    private var finish: String?
    private var usage: ChatUsage?
    private var model: String?
    private(set) var hasAnswer = false

    init(limits: ModelLimits) {
        self.limits = limits
        assembly = ToolCallAssembly(maximumCalls: limits.toolCalls, maximumArguments: limits.argumentBytes)
    }

    /// Whether the server has said why the answer ends, so that nothing of it is missing.
    var isFinished: Bool { finish != nil }

    /// Takes one chunk or completion in.
    /// - Returns: the text that it adds.
    /// - Throws: ``ModelError`` for an error object, a shape that is no chunk, and passed limits.
    mutating func add(_ chunk: JSONValue) throws(ModelError) -> String {
        guard case .object(let members) = chunk else { throw ModelError(.malformed, detail: "not a JSON object") }
        if let error = members["error"], !error.isNull { throw ModelRefusal(error).error(status: nil, retryAfter: nil) }
        if let counted = Self.usage(members["usage"]) { usage = counted }
        if model == nil { model = members["model"]?.stringValue.map { String($0.prefix(200)) } }
        guard let choices = members["choices"]?.arrayValue else {
            if members["usage"] != nil { return "" }
            throw ModelError(.malformed, detail: "no choices")
        }
        // Only one choice is ever asked for; a chunk with none carries the usage.
        guard let choice = choices.first else { return "" }
        if let reason = choice["finish_reason"]?.stringValue { finish = reason }
        guard let delta = choice["delta"] ?? choice["message"] else { return "" }
        hasAnswer = true
        let added = Self.text(of: delta["content"])
        text += added
        refusal += delta["refusal"]?.stringValue ?? ""
        guard text.utf8.count + refusal.utf8.count <= limits.textBytes else {
            throw ModelError(.tooLarge, detail: "text of more than \(limits.textBytes) bytes")
        }
        for piece in delta["tool_calls"]?.arrayValue ?? [] { try assembly.add(piece) }
        if let call = delta["function_call"], case .object = call { try assembly.add(call) }
        return added
    }

    /// The whole answer.
    /// - Throws: ``ModelError/Code/malformed`` when there was none, ``ModelError/Code/filtered`` when it was kept back.
    func answer() throws(ModelError) -> ChatAnswer {
        guard hasAnswer else { throw ModelError(.malformed, detail: "no answer in it") }
        if finish == "content_filter" { throw ModelError(.filtered) }
        let calls = assembly.calls()
        let said = text.isEmpty ? refusal : text
        guard !said.isEmpty || !calls.isEmpty else { throw ModelError(.malformed, detail: "an empty answer") }
        return ChatAnswer(
            text: said, calls: calls, finish: finish == "length" ? .length : .stop, model: model,
            usage: usage ?? ChatUsage(completionTokens: completionEstimate, isEstimated: true))
    }

    /// The guess of how many tokens were written so far.
    var completionEstimate: Int {
        assembly.calls().reduce(TokenEstimate.tokens(in: text + refusal)) {
            $0 + TokenEstimate.tokens(in: $1.name + $1.arguments)
        }
    }

    /// Content is text, or a list of parts that may be text.
    private static func text(of content: JSONValue?) -> String {
        switch content {
        case .string(let text)?: text
        case .array(let parts)?: parts.compactMap { $0["text"]?.stringValue }.joined()
        default: ""
        }
    }

    private static func usage(_ json: JSONValue?) -> ChatUsage? {
        func number(_ value: JSONValue?) -> Int? {
            value?.numberValue.flatMap { $0 >= 0 && $0 < 1e12 ? Int($0) : nil }
        }
        guard let json, case .object = json else { return nil }
        let prompt = number(json["prompt_tokens"])
        let completion = number(json["completion_tokens"])
        guard prompt != nil || completion != nil else { return nil }
        return ChatUsage(
            promptTokens: prompt ?? 0, completionTokens: completion ?? 0,
            cachedTokens: number(json["prompt_tokens_details"]?["cached_tokens"]) ?? 0,
            reasoningTokens: number(json["completion_tokens_details"]?["reasoning_tokens"]) ?? 0)
    }
}
