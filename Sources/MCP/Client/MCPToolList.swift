import JSON

/// The tools of a server as it listed them.
public struct MCPToolList: Sendable {
    /// The tools that can be used, in the server's order, each name once.
    public var tools: [MCPToolDefinition] = []
    /// How many were left out because their definitions are out of bounds or double.
    public var rejected = 0
    /// Whether the list was read to its end.
    public var isComplete = true
    /// For how long the server says it stays true; nil when it does not say.
    public var timeToLive: Duration?

    mutating func add(_ page: [JSONValue], _ result: JSONObject) {
        for value in page {
            guard tools.count < MCPClient.maximumTools else {
                isComplete = false
                break
            }
            guard let tool = try? MCPToolDefinition(listed: value), !tools.contains(where: { $0.name == tool.name })
            else {
                rejected += 1
                continue
            }
            tools.append(tool)
        }
        if let milliseconds = result["ttlMs"]?.integerValue, milliseconds >= 0 {
            timeToLive = .milliseconds(min(milliseconds, 86_400_000))
        }
    }
}
