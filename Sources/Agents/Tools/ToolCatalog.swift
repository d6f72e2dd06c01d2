/// The tools there are in one company, by name.
public struct ToolCatalog: Sendable {
    /// The tools in the order in which they are listed.
    public let tools: [any Tool]
    private let byName: [String: any Tool]

    /// These tools; of two of one name the first.
    public init(_ tools: [any Tool]) {
        self.tools = tools
        byName = Dictionary(tools.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The tool of this name.
    public func tool(_ name: String) -> (any Tool)? { byName[name] }
}
