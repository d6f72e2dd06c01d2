import Synchronization

/// How many tries beyond the planned calls are left to one turn, over all its calls and models.
public final class RetryAllowance: Sendable {
    private let left: Mutex<Int>

    /// So many tries.
    public init(_ tries: Int = 4) { left = Mutex(tries) }

    /// Takes one; false when none is left.
    public func take() -> Bool {
        left.withLock { left in
            guard left > 0 else { return false }
            left -= 1
            return true
        }
    }
}
