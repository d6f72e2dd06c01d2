/// Why an MCP server could not be used. The message is for the company's people; it holds nothing the server sent but
/// numbers, and no secret. What goes wrong on the network is an `EgressError`.
public struct MCPError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds.
    public enum Code: String, Sendable, Hashable {
        /// The server does not take our secret.
        case unauthorized
        /// The server answered with an error of the protocol, or of HTTP.
        case failed
        /// The server wants something that we do not have.
        case unsupported
        /// The answer is not what the protocol says.
        case malformed
    }

    /// The kind.
    public let code: Code
    /// What is wrong.
    public let message: String

    /// An error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }

    static func malformed(_ message: String) -> MCPError { MCPError(.malformed, "the server's answer \(message)") }
}
