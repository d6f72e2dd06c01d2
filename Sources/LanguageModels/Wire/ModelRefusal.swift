import JSON

/// An error object of a server: `{message, type, param, code}`. Its message is read to learn from, never passed on: some
/// providers repeat keys and prompts in it.
struct ModelRefusal: Sendable {
    var message = ""
    /// The provider's words for it, code first; single words of letters, digits and `_ - .` only.
    var words: [String] = []

    init(_ error: JSONValue?) {
        switch error {
        case .string(let text)?: message = text
        case .object(let members)?:
            message = members["message"]?.stringValue ?? ""
            if let parameter = members["param"]?.stringValue { message += " " + parameter }
            for name in ["code", "type", "status"] {
                guard let word = members[name]?.stringValue, Self.isWord(word) else { continue }
                words.append(word.lowercased())
            }
        default: break
        }
    }

    /// The error of an answer's body: `{"error": …}`, or a bare object as some servers send it.
    init(body: [UInt8]) {
        guard let json = try? JSONValue.parse(body) else { self.init(nil); return }
        self.init(json["error"] ?? json)
    }

    /// What it amounts to under a status; an error inside a good answer has none.
    func error(status: Int?, retryAfter: Duration?) -> ModelError {
        ModelError(code(status), status: status, detail: words.first, retryAfter: retryAfter)
    }

    private static let quotaWords = ["insufficient_quota", "quota_exceeded", "billing", "credit", "spend", "balance"]
    private static let unsuitableWords = [
        "context_length", "string_above_max_length", "content_filter", "content_policy", "invalid_prompt", "too_large",
    ]

    private func code(_ status: Int?) -> ModelError.Code {
        if says(Self.quotaWords) { return .quota }
        switch status {
        case 401?: return .unauthorized
        case 402?: return .quota
        case 403?: return .forbidden
        case 404?, 405?, 410?: return .notFound
        case 408?, 409?, 425?: return .server
        case 413?: return .unsuitable
        case 429?: return .rateLimited
        case .some(300..<400): return .redirect
        case .some(400..<500): return says(Self.unsuitableWords) || isTooLong ? .unsuitable : .badRequest
        case .some(500...): return .server
        default: return wordsAlone
        }
    }

    private var wordsAlone: ModelError.Code {
        if says(["rate_limit", "too_many"]) { return .rateLimited }
        if says(["invalid_api_key", "authentication"]) { return .unauthorized }
        return says(Self.unsuitableWords) || isTooLong ? .unsuitable : .server
    }

    private func says(_ parts: [String]) -> Bool {
        words.contains { word in parts.contains { word.contains($0) } }
    }

    private var isTooLong: Bool {
        let text = message.lowercased()
        return text.contains("context length") || text.contains("context window") || text.contains("too many tokens")
            || text.contains("maximum context")
    }

    private static func isWord(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
            // A provider's word has no digits in a row of key length.
            && !text.lowercased().hasPrefix("sk-")
    }
}
