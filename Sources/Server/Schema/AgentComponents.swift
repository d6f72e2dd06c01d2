import Agents
import Conversations
import JSON
import Tenancy

/// The shapes of agents, their memory and their logs.
enum AgentComponents {
    static let all: [(name: String, schema: Schema)] = [
        ("Agent", agent), ("AgentVersion", version), ("FAQ", faq), ("AgentReply", reply), ("AgentState", state),
        ("AgentLog", log), ("Routing", routing),
        ("MCPServer", mcpServer), ("MCPTool", mcpTool),
        ("Approval", approval), ("Turn", turn),
    ]

    private static let agent = Schema.object([
        .required("name", .text()), .required("description", .text().orNull),
        .required("kind", .words(["built_in", "company"])), .required("audience", .text()),
        .required("enabled", .boolean),
        .required("model", .text().orNull), .required("tools", .array(of: .text())),
        .optional("active", .boolean.described("This and what follows: of a single agent, not in lists.")),
        .optional("instructions", .text()), .optional("temperature", .number(0...1).orNull),
        .optional("version", .integer(0 ... .max)),
        .optional("aliases", .array(of: .text()).described("This and what follows: of the company's own agents.")),
        .optional("rules", .array(of: .freeObject)), .optional("faqs", .array(of: .reference("FAQ"))),
        .optional("createdAt", .time), .optional("updatedAt", .time),
    ])

    private static let faq = Schema.object([
        .required("question", .text().example("What are your opening hours?")),
        .required("answer", .text().example("Monday to Friday, 9 to 18.")),
        .required("language", .words(FAQDraft.languages).orNull),
    ])

    private static let version = Schema.object([
        .required("version", .integer(1 ... .max)), .required("replacedAt", .time), .required("agent", .freeObject),
    ])

    private static let reply = Schema.object([
        .required("reply", .reference("Message").orNull), .required("conversationId", .identifier),
        .required(
            "turn",
            .object([
                .required("id", .identifier.orNull), .required("agent", .text().orNull), .required("state", .text()),
            ])),
    ])

    private static let turn = Schema.object([
        .required("id", .identifier), .required("conversationId", .identifier), .required("messageId", .identifier),
        .required("agent", .text().orNull.described("null for a notice of the system.")),
        .required(
            "state",
            .words(Turn.State.allCases.map(\.word)).described(
                "`queued`, `running` and `awaiting_approval` are not over; `replied` is what `agent_logs` calls it.")),
        .required("attempt", .integer(0 ... .max)), .required("replyMessageId", .identifier.orNull),
        .required("error", .text().orNull.described("Why it failed or was called off; no message text.")),
        .required("createdAt", .time), .required("startedAt", .time.orNull), .required("finishedAt", .time.orNull),
    ])

    private static let state = Schema.object([
        .required("agentName", .text()), .required("state", .freeObject), .required("version", .integer(0 ... .max)),
        .required("createdAt", .time.orNull), .required("updatedAt", .time.orNull),
    ])

    private static let log = Schema.object([
        .required("id", .identifier), .required("agent", .text()), .required("conversationId", .identifier.orNull),
        .required("triggerMessageId", .identifier.orNull), .required("replyMessageId", .identifier.orNull),
        .required("state", .words(AgentLog.State.allCases.map(\.rawValue))),
        .required("model", .text().orNull), .required("promptTokens", .integer(0 ... .max)),
        .required("completionTokens", .integer(0 ... .max)), .required("costMicros", .integer(0 ... .max)),
        .required("latencyMs", .integer(0 ... .max)), .required("toolCalls", .any),
        .required("error", .text().orNull), .required("agentVersion", .integer(0 ... .max)),
        .required("channel", .text()), .required("trigger", .text().orNull),
        .required("mode", .words(AgentLog.Detail.Mode.allCases.map(\.rawValue)).orNull),
        .required("skill", .text().orNull),
        .required("outcome", .words(AgentLog.Detail.Outcome.allCases.map(\.rawValue)).orNull),
        .required("confidence", .number(0...1).orNull), .required("steps", .integer(0 ... .max)),
        .required("firstTokenMs", .integer(0 ... .max).orNull), .required("estimated", .boolean),
        .required("createdAt", .time),
    ])

    private static let approval = Schema.object([
        .required("id", .identifier), .required("conversationId", .identifier), .required("turnId", .identifier),
        .required("agent", .text()), .required("tool", .text()),
        .required("summary", .text().described("What would happen, in full.")),
        .required("arguments", .freeObject.described("The exact arguments; nothing else is approved.")),
        .required("status", .words(Approval.State.allCases.map(\.rawValue))), .required("createdAt", .time),
        .required("expiresAt", .time), .required("decidedBy", .identifier.orNull),
        .required("decidedAt", .time.orNull),
    ])

    private static let routing = Schema.object([
        .required("agents", .array(of: .object([.required("name", .text()), .required("segment", .text())]))),
        .required("unknown", .array(of: .text())), .required("human", .boolean), .required("truncated", .boolean),
    ])

    private static let mcpServer = Schema.object([
        .required("id", .identifier), .required("companyId", .identifier), .required("name", .text()),
        .required("slug", .text().example("weather")), .required("url", .text().example("https://mcp.example.com/mcp")),
        .required("authKind", .words(["none", "bearer", "header"])), .required("authHeader", .text().orNull),
        .required("hasSecret", .boolean), .required("trusted", .boolean),
        .required("approval", .words(ToolServer.Approval.allCases.map(\.rawValue))), .required("enabled", .boolean),
        .required("timeoutSeconds", .integer(1...60).example(20)), .required("era", .text().example("modern")),
        .required("protocolVersion", .text().orNull.example("2026-07-28")),
        .required("health", .words(ToolServer.Health.allCases.map(\.rawValue))),
        .required("lastError", .text().orNull.example(.null)), .required("checkedAt", .time.orNull),
        .required("createdAt", .time), .required("updatedAt", .time),
    ])

    private static let mcpTool = Schema.object([
        .required("name", .text().example("forecast")),
        .required("exposedName", .text().example("mcp_weather_forecast")),
        .required("description", .text().described("In the server's words.")), .required("inputSchema", .freeObject),
        .required("annotations", .freeObject), .required("hash", .text()), .required("approvedHash", .text().orNull),
        .required("approved", .boolean.described("Whether the definition is the one that was approved.")),
        .required("enabled", .boolean),
        .required("available", .boolean.described("Whether the server still lists it.")),
        .required("usable", .boolean), .required("updatedAt", .time),
    ])
}
