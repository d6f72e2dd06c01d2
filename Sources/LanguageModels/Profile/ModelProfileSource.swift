/// Finds the model that answers for an agent of a company.
///
/// `Scope` is the proof of who asks, made by authentication or by the runner of a turn; this floor does not know it.
public struct ModelProfileSource<Scope: Sendable>: Sendable {
    private let find: @Sendable (Scope, String) async throws -> ModelProfile?

    /// A source that looks profiles up.
    /// - Parameter find: the profile for a company's agent by name, its own or the company's; nil when there is none
    ///   and the agent is to answer by its skills.
    public init(_ find: @escaping @Sendable (_ scope: Scope, _ agent: String) async throws -> ModelProfile?) {
        self.find = find
    }

    /// The profile for an agent, or nil.
    public func profile(for scope: Scope, agent: String) async throws -> ModelProfile? { try await find(scope, agent) }

    /// Nobody has a model.
    public static var none: Self { Self { _, _ in nil } }

    /// Everybody has the operator's model.
    public static func fixed(_ profile: ModelProfile?) -> Self { Self { _, _ in profile } }

    /// This source's profile, or where it has none the other one's.
    public func or(_ other: Self) -> Self {
        Self { scope, agent in
            if let own = try await profile(for: scope, agent: agent) { return own }
            return try await other.profile(for: scope, agent: agent)
        }
    }
}
