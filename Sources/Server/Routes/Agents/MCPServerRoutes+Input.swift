import JSON
import Tenancy

extension ToolServer.Authentication {
    /// The way that a body names; nil when it names none.
    ///
    /// - Throws: ``Problem`` when kind and header do not fit each other.
    fileprivate init?(_ input: Input) throws(Problem) {
        let header = input.string("authHeader")
        switch (input.string("authKind"), header) {
        case ("header"?, let header?): self = .header(header)
        case ("header"?, nil): throw .invalid("authHeader", "required", "names the header for authKind \"header\"")
        case (nil, _?), (_?, _?): throw .invalid("authHeader", "not_allowed", "goes with authKind \"header\" only")
        case ("bearer"?, nil): self = .bearer
        case ("none"?, nil): self = .none
        default: return nil
        }
    }
}

extension ToolServerDraft {
    /// The server that a body describes.
    init(_ input: Input) throws(Problem) {
        self.init(
            name: try input.required("name"), slug: try input.required("slug"), url: try input.required("url"),
            authentication: try ToolServer.Authentication(input) ?? .none, secret: input.string("secret"),
            trusted: input.flag("trusted") ?? false, approval: input.word("approval") ?? .always,
            enabled: input.flag("enabled") ?? true, timeoutSeconds: Int(input.integer("timeoutSeconds") ?? 20))
    }
}

extension ToolServerPatch {
    /// The changes that a body asks for.
    init(_ input: Input) throws(Problem) {
        self.init()
        name = input.change("name", Input.string)
        url = input.change("url", Input.string)
        authentication = try ToolServer.Authentication(input).map { .set($0) } ?? .keep
        secret = input.change("secret", Input.string)
        trusted = input.change("trusted", Input.flag)
        approval = input.word("approval").map { .set($0) } ?? .keep
        enabled = input.change("enabled", Input.flag)
        timeoutSeconds = input.integer("timeoutSeconds").map { .set(Int($0)) } ?? .keep
    }

    /// Whether the server is somewhere else, or sees somebody else, afterwards.
    var reachesOtherwise: Bool { url != .keep || authentication != .keep || secret != .keep }
}
