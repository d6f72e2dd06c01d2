public import JSON

/// How the double behaves.
public struct FakeMCPBehaviour: Sendable {
    /// The generations of the protocol.
    public enum Era: Sendable, CaseIterable {
        /// 2026-07-28: every request stands for itself.
        case modern
        /// 2025 with a session.
        case legacySession
        /// 2025 without one.
        case legacyStateless
        /// 2024: HTTP+SSE, which is not Streamable HTTP.
        case old
    }

    /// What comes of calling a tool.
    public enum Outcome: Sendable {
        /// The tool's own result.
        case well
        /// A result that says that it failed.
        case isError
        /// An error of the protocol.
        case protocolError
        /// The tool wants to ask something.
        case inputRequired
        /// A result with so many bytes of text.
        case huge(Int)
        /// This result.
        case result(JSONObject)
    }

    /// The generation it speaks.
    public var era = Era.modern
    /// Whether it answers by an event stream.
    public var streams = false
    /// Line ends of the stream.
    public var lineEnd = "\n"
    /// Whether the stream lacks the blank line at its end.
    public var endsStreamEarly = false
    /// Notifications of progress before the answer, 50 ms apart.
    public var progress = 0
    /// Whether it goes on streaming progress for ever and never answers.
    public var neverAnswers = false
    /// Requests of its own in the stream before the answer.
    public var serverRequests = 0
    /// How long it waits before it answers a call.
    public var delay = Duration.zero
    /// Tools on one page.
    public var pageSize = 10
    /// Whether every page names another one.
    public var pagesNeverEnd = false
    /// For how long its lists are good.
    public var timeToLive: Duration?
    /// A header field that must be sent.
    public var secret: (name: String, value: String)?
    /// What it answers to a session that it does not know.
    public var staleSessionStatus = 404
    /// Whether it loses a session as soon as it is used.
    public var losesEverySession = false
    /// Whether it answers with a redirect.
    public var redirects = false
    /// The media type it gives its answers, when it is a wrong one.
    public var mediaType: String?
    /// What comes of a call.
    public var outcome = Outcome.well

    /// Good behaviour in the modern era.
    public init() {}

    /// Good behaviour otherwise.
    public init(era: Era, streams: Bool = false) {
        self.era = era
        self.streams = streams
    }
}

/// A tool of the double's.
public struct FakeMCPTool: Sendable {
    /// Its name.
    public var name: String
    /// What it says that it does.
    public var description: String
    /// The schema of its arguments.
    public var schema: JSONObject
    /// Its hints.
    public var annotations: JSONObject

    /// A tool.
    public init(
        _ name: String, _ description: String = "A tool.", schema: JSONObject = ["type": "object"],
        annotations: JSONObject = [:]
    ) {
        self.name = name
        self.description = description
        self.schema = schema
        self.annotations = annotations
    }

    /// `echo`, which answers its argument, and `weather`, which says that it only reads.
    public static let standard = [
        FakeMCPTool(
            "echo", "Says what it is told.",
            schema: [
                "type": "object", "properties": ["text": ["type": "string", "maxLength": 200]], "required": ["text"],
            ]),
        FakeMCPTool(
            "weather", "Tells the weather of a place.",
            schema: [
                "type": "object",
                "properties": ["place": ["type": "string", "x-mcp-header": "Place"], "days": ["type": "integer"]],
            ], annotations: ["readOnlyHint": true]),
    ]

    var json: JSONValue {
        var json: JSONObject = [
            "name": .string(name), "description": .string(description), "inputSchema": .object(schema),
        ]
        if !annotations.isEmpty { json["annotations"] = .object(annotations) }
        return .object(json)
    }
}
