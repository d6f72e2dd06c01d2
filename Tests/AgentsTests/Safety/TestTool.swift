import Foundation
import JSON
import Synchronization
import Tenancy

@testable import Agents

/// A tool that does what a test says and counts.
final class TestTool: Tool {
    let name: String
    let description = "A tool of a test."
    let effect: ToolEffect
    let schema = ToolSchema(.init("text", .text(maximum: 100), "Any text", isRequired: false))
    let bringsExternalContent: Bool
    private let body: @Sendable (JSONObject) async throws -> JSONValue
    private let made = Mutex<[JSONObject]>([])

    init(
        _ name: String, _ effect: ToolEffect, isExternal: Bool = false,
        _ body: @escaping @Sendable (JSONObject) async throws -> JSONValue = { _ in ["done": true] }
    ) {
        self.name = name
        self.effect = effect
        bringsExternalContent = isExternal
        self.body = body
    }

    /// The arguments of the calls so far.
    var calls: [JSONObject] { made.withLock { $0 } }

    func needsApproval(_ scope: ToolScope, _ arguments: JSONObject) async throws -> Bool { false }

    func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue {
        made.withLock { $0.append(arguments) }
        return try await body(arguments)
    }
}

extension ToolScope {
    /// A scope of no real company.
    static func test(_ author: TurnAuthor, isReadByCustomer: Bool = false) -> ToolScope {
        ToolScope(
            tenant: .forJob(companyId: .v7()), author: author, conversationId: .v7(),
            isReadByCustomer: isReadByCustomer)
    }
}
