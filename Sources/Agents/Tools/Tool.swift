public import Foundation
public import JSON
public import Tenancy

/// Something an agent can do. Skills without a model and, later, models call the same tools.
public protocol Tool: Sendable {
    /// Its name, unique among all tools: `mem_save`.
    var name: String { get }
    /// What it does, for people and models.
    var description: String { get }
    /// What it does to the world.
    var effect: ToolEffect { get }
    /// What arguments it takes. ``ToolBox`` checks them before ``run(_:_:)``.
    var schema: ToolSchema { get }
    /// Whether a model may be offered it. A tool that is not is called by skills alone, on a person's own words.
    var isForModels: Bool { get }

    /// Whether its results hold words of somebody outside: e-mails, invitations, answers of foreign servers.
    var bringsExternalContent: Bool { get }
    /// Whether what it writes outside reaches nobody before a person sends it, such as a draft.
    var reachesNobody: Bool { get }
    /// How long one call may take when a model makes it.
    var timeLimit: Duration { get }

    /// Whether agents of this company hold it now, as the company's settings say.
    func isAvailable(to company: Company) -> Bool

    /// Whether a member has to approve this call, with these very arguments, before ``run(_:_:)``. Must read only.
    ///
    /// - Throws: as ``run(_:_:)`` does.
    func needsApproval(_ scope: ToolScope, _ arguments: JSONObject) async throws -> Bool

    /// Whether doing it twice in one turn is as good as once: it only reads, or names what it writes by
    /// ``ToolScope/id(for:)``. A call of any other tool that was cut short is never made again.
    var isRepeatable: Bool { get }

    /// What a call with these arguments would do, in full, for the member who decides about it.
    func summary(_ arguments: JSONObject) -> String

    /// Does it. The result is JSON that may be shown to the one who asked.
    /// - Throws: ``ToolError`` for what the caller can understand; anything else counts as a failure of the tool.
    func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue
}

extension Tool {
    /// Models may be offered it.
    public var isForModels: Bool { true }

    /// Every company's agents hold it.
    public func isAvailable(to company: Company) -> Bool { true }

    /// Its results are the company's own.
    public var bringsExternalContent: Bool { false }

    /// What it writes may be seen by somebody.
    public var reachesNobody: Bool { false }

    /// Ten seconds, which is plenty for our own stores.
    public var timeLimit: Duration { .seconds(10) }

    /// What reaches somebody outside, writes outside or moves money needs approval; nothing else does.
    public func needsApproval(_ scope: ToolScope, _ arguments: JSONObject) async throws -> Bool {
        effect.needsApproval
    }

    /// What is read, and what is written inside Switchboard.
    public var isRepeatable: Bool { !effect.needsApproval }

    /// The tool's name and the arguments as they are.
    public func summary(_ arguments: JSONObject) -> String {
        ([name] + arguments.map { "\($0.key): \($0.value.stringValue ?? $0.value.encodedString)" })
            .joined(separator: "\n")
    }
}

/// For whom and where a tool works. Company and author come from the stored message, never from arguments.
public struct ToolScope: Sendable {
    /// The company, with the rights of its own work.
    public let tenant: TenantScope
    /// Who wrote the message that started the turn.
    public let author: TurnAuthor
    /// The conversation the turn is in.
    public let conversationId: UUID
    /// Whether a customer reads this conversation.
    public let isReadByCustomer: Bool

    /// The turn.
    public let turnId: UUID
    /// The message that started it; nil outside of turns.
    public let triggerMessageId: UUID?
    /// The agent whose turn it is; nil outside of turns.
    public var agent: String?
    /// The language of the message.
    public var language = Language.english
    /// Whether a model asks for the call, or told the skill that does what to do, and not a person.
    var isModelsWord = false
    /// What has come into the turn before the call.
    var taint = Taint()

    /// A scope for the tools of one turn.
    public init(
        tenant: TenantScope, author: TurnAuthor, conversationId: UUID, isReadByCustomer: Bool, turnId: UUID = .v7(),
        triggerMessageId: UUID? = nil
    ) {
        self.turnId = turnId
        self.triggerMessageId = triggerMessageId
        self.tenant = tenant
        self.author = author
        self.conversationId = conversationId
        self.isReadByCustomer = isReadByCustomer
    }

    /// An id for a row that the turn makes: the same one when the turn is run again, so that the row exists once.
    public func id(for purpose: String) -> UUID { TurnIdentity.row(of: turnId, purpose) }
}

/// Why a tool did not do what it was asked.
public enum ToolError: Error, Sendable, Hashable {
    /// The agent does not hold this tool.
    case unknownTool(String)
    /// An argument is missing or wrong; says which and what is allowed.
    case invalidArguments(String)
    /// It may not be used here; says why.
    case notAllowed(String)
    /// Private things are not shown where a customer reads along.
    case customerReads
    /// The turn made too many calls; says which limit was hit.
    case limit(String)
    /// There is no such thing, or it is somebody else's.
    case notFound
    /// Somebody else's tool failed; says how, perhaps in words that came from outside.
    case failed(String)
    /// A member has to approve the call first; names the tool. Nothing was done: the turn pauses, whatever the agent
    /// answers, and the call returns its result when the turn goes on.
    case needsApproval(String)
    /// A member decided against it, or nobody decided in time; says which.
    case rejected(String)
    /// It was begun before the process died, and whether it happened is not known. It is not tried again.
    case unknownOutcome
}
