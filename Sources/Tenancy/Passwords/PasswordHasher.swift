import Foundation

/// Hashes and verifies passwords with bcrypt, on threads of its own.
public final class PasswordHasher: Sendable {
    /// The costs that can be configured.
    public static let costs = 4...20

    private let cost: Int
    private let threads: WorkerThreads

    /// A hasher.
    /// - Parameters:
    ///   - cost: bcrypt's, brought within ``costs``; each step doubles the time, 12 takes about 0.2 s.
    ///   - threads: how many at once; as many as there are cores unless told.
    ///   - queueLimit: how many may wait; beyond it ``Overloaded`` is thrown.
    public init(
        cost: Int = 12, threads: Int = ProcessInfo.processInfo.activeProcessorCount, queueLimit: Int = 64
    ) {
        self.cost = min(max(cost, Self.costs.lowerBound), Self.costs.upperBound)
        self.threads = WorkerThreads(name: "password hashing", threads: max(1, threads), queueLimit: max(1, queueLimit))
    }

    /// The hash to store.
    /// - Throws: ``Overloaded``, `CancellationError`.
    public func hash(_ password: String) async throws -> String {
        let cost = cost
        guard let hash = try await threads.run({ BCrypt.hash(password, cost: cost) }) else {
            throw Unusable()
        }
        return hash
    }

    /// Whether `hash` is of `password`. Without a hash (an unknown address, a person without a password) the answer is
    /// no, after the same time.
    /// - Throws: ``Overloaded``, `CancellationError`.
    public func verify(_ password: String, _ hash: String?) async throws -> Bool {
        let compared = hash ?? BCrypt.dummy(cost: cost)
        let isRight = try await threads.run { BCrypt.verify(password, compared) }
        return isRight && hash != nil
    }

    /// Whether `hash` was made with another cost, so that it should be made anew at the next chance.
    public func isOutdated(_ hash: String) -> Bool { BCrypt.cost(of: hash) != cost }

    /// The library refuses to hash, which it does only for settings it does not know.
    struct Unusable: Error {}
}
