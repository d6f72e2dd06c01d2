import JSON

extension FakeLLM {
    /// One step of a script.
    public struct Step: Sendable, CustomStringConvertible {
        /// Which requests it answers.
        public var match: Match
        /// What it does.
        public var action: Action
        /// How often.
        public var times: Int

        /// A step.
        public init(_ match: Match = .any, _ action: Action, times: Int = 1) {
            self.match = match
            self.action = action
            self.times = max(1, times)
        }

        /// Answers any request with this text.
        public static func reply(_ text: String, _ shape: ReplyShape = ReplyShape()) -> Step {
            Step(.any, .reply(text, shape))
        }

        /// Answers any request by calling these tools.
        public static func call(_ calls: Call..., shape: CallShape = .standard) -> Step {
            Step(.any, .call(calls, shape))
        }

        /// Refuses any request.
        public static func status(_ status: Int, retryAfter: String? = nil, code: String? = nil, times: Int = 1) -> Step
        {
            Step(.any, .status(status, retryAfter: retryAfter, code: code), times: times)
        }

        /// In words.
        public var description: String { "\(times)× \(match): \(action)" }
    }

    /// Which requests a step answers.
    public enum Match: Sendable {
        /// All.
        case any
        /// Those whose last message of a person holds this text.
        case lastUser(String)
        /// Those that offer a tool.
        case tool(String)
        /// Those with this header.
        case header(String, String)
        /// Those for this model.
        case model(String)

        func accepts(_ request: Recorded) -> Bool {
            switch self {
            case .any: true
            case .lastUser(let text): request.lastUser.contains(text)
            case .tool(let name): request.tools.contains(name)
            case .header(let name, let value): request.headers[name.lowercased()] == value
            case .model(let name): request.body["model"]?.stringValue == name
            }
        }
    }

    /// What a step does.
    public enum Action: Sendable {
        /// Answers with text.
        case reply(String, ReplyShape)
        /// Calls tools.
        case call([Call], CallShape)
        /// Refuses with a status and an error object.
        case status(Int, retryAfter: String? = nil, code: String? = nil)
        /// Streams these texts, and waits at the gate before each but the first.
        case held([String], Gate)
        /// Answers 200 with an error object.
        case errorObject
        /// Streams so much text, then an error object.
        case errorInStream(after: String)
        /// Answers 200 with something that is no JSON and no event.
        case garbage
        /// Streams so many bytes of text.
        case flood(bytes: Int)
        /// Never answers.
        case never
        /// Streams so much text, then says nothing more.
        case silence(after: String)
        /// Sends the client elsewhere.
        case redirect(String)
        /// Repeats what was said, slowly.
        case echo
    }

    /// A tool call.
    public struct Call: Sendable {
        /// The tool.
        public var name: String
        /// The arguments as JSON text; need not be right.
        public var arguments: String
        /// The id.
        public var id: String

        /// A call.
        public init(_ name: String, _ arguments: String = "{}", id: String? = nil) {
            self.name = name
            self.arguments = arguments
            self.id = id ?? "call_\(name)_\(UInt64.random(in: 0 ... .max))"
        }
    }

    /// How text is sent.
    public struct ReplyShape: Sendable {
        /// Pieces of text.
        public var chunks = 4
        /// The pause before each of them.
        public var delay = Duration.zero
        /// The pause before anything.
        public var lead = Duration.zero
        /// Why it ends.
        public var finish: String? = "stop"
        /// Whether `[DONE]` is sent.
        public var sendsDone = true
        /// Whether usage is sent when asked for.
        public var sendsUsage = true
        /// Bytes after which the connection breaks.
        public var cutAfter: Int?
        /// Characters of text after which the connection breaks.
        public var cutAfterCharacters: Int?
        /// The size of writes in bytes, so that they end inside characters; nil for whole events.
        public var writes: Int?
        /// What ends a line.
        public var lineEnd = "\n"
        /// Whether each chunk has another completion id, and the first no role.
        public var changesIds = false

        /// The usual shape.
        public init() {}

        /// The usual shape with changes.
        public init(_ change: (inout ReplyShape) -> Void) { change(&self) }
    }

    /// How tool calls are sent.
    public enum CallShape: String, Sendable, CaseIterable {
        /// As the official service does.
        case standard
        /// Without `index`.
        case withoutIndex
        /// `index` is always 0.
        case zeroIndex
        /// Without ids.
        case withoutId
        /// The id in each chunk, and a last chunk with the arguments encoded twice.
        case repeatedId
        /// The arguments as an object.
        case objectArguments
        /// `finish_reason` is `stop`.
        case finishStop
        /// Everything in one chunk.
        case oneChunk
    }

    /// What a server refuses.
    public enum ServerQuirk: String, Sendable, CaseIterable {
        /// `stream_options`.
        case streamOptions
        /// `max_tokens`.
        case maximumTokens
        /// `max_completion_tokens`.
        case maximumCompletionTokens
        /// `temperature`.
        case temperature
        /// Roles other than `user`, `assistant` and `tool`.
        case systemRole
        /// `tools`.
        case tools

        func refusal(of body: JSONValue) -> Action? {
            let word: String
            switch self {
            case .streamOptions: word = "stream_options"
            case .maximumTokens: word = "max_tokens"
            case .maximumCompletionTokens: word = "max_completion_tokens"
            case .temperature: word = "temperature"
            case .tools: word = "tools"
            case .systemRole:
                let roles = (body["messages"]?.arrayValue ?? []).compactMap { $0["role"]?.stringValue }
                return roles.contains { $0 == "system" || $0 == "developer" } ? .status(400, code: "system_role") : nil
            }
            return body[word] == nil ? nil : .status(400, code: "refused_" + word)
        }

        /// The message that goes with such a refusal.
        static func message(_ code: String) -> String {
            switch code {
            case "system_role": "only the roles user and assistant are supported, not system"
            case "refused_max_tokens": "max_tokens is not supported, use max_completion_tokens instead"
            case "refused_max_completion_tokens": "unknown field max_completion_tokens"
            case "refused_tools": "this model does not support tools"
            default:
                code.hasPrefix("refused_") ? "unknown field \(code.dropFirst("refused_".count))" : "refused: \(code)"
            }
        }
    }
}
