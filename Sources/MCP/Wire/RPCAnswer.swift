import JSON

/// What came back for one POST.
struct RPCAnswer: Sendable {
    /// What the message for us said.
    enum Outcome: Sendable {
        case result(JSONObject)
        case error(RPCFault)
        /// There was no message of the protocol.
        case none
    }

    var status: Int
    /// `Mcp-Session-Id`.
    var session: String?
    var outcome: Outcome

    /// The result.
    /// - Throws: ``MCPError`` for anything else.
    func result() throws(MCPError) -> JSONObject {
        if [401, 403].contains(status) { throw Self.failure(status) }
        switch outcome {
        case .result(let result): return result
        case .error(let fault): throw MCPError(.failed, "the server answered with the error \(fault.code)")
        case .none: throw Self.failure(status)
        }
    }

    static func failure(_ status: Int) -> MCPError {
        switch status {
        case 401, 403: MCPError(.unauthorized, "the server does not accept the secret (HTTP \(status))")
        case 200..<300: .malformed("has no message of the protocol (HTTP \(status))")
        default: MCPError(.failed, "the server answered with HTTP \(status)")
        }
    }
}

/// An error object of JSON-RPC.
struct RPCFault: Sendable {
    let code: Int64
    /// Versions that the server names when ours is none of them.
    let supported: [String]

    static let unsupportedVersion: Int64 = -32022
    static let modernCodes: Set<Int64> = [-32020, -32021, unsupportedVersion]

    init?(_ value: JSONValue?) {
        guard let value, let code = value["code"]?.integerValue else { return nil }
        self.code = code
        supported = (value["data"]?["supported"]?.arrayValue ?? []).prefix(32).compactMap(\.stringValue)
    }
}

/// A message from the server.
enum RPCMessage {
    case response(id: JSONValue, RPCAnswer.Outcome)
    case notification(method: String)
    case request(id: JSONValue, method: String)

    /// Reads one message; nil for what is none.
    init?(_ value: JSONValue) {
        guard let message = value.objectValue, message["jsonrpc"]?.stringValue == "2.0" else { return nil }
        if let method = message["method"]?.stringValue {
            guard let id = message["id"], !id.isNull else {
                self = .notification(method: method)
                return
            }
            self = .request(id: id, method: method)
        } else if let result = message["result"]?.objectValue, let id = message["id"] {
            self = .response(id: id, .result(result))
        } else if let fault = RPCFault(message["error"]) {
            self = .response(id: message["id"] ?? .null, .error(fault))
        } else {
            return nil
        }
    }
}
