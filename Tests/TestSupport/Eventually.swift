/// A condition did not come true in time.
public struct NeverHappened: Error, CustomStringConvertible {
    /// What was waited for.
    public let description: String

    /// An error that says what was waited for.
    public init(description: String) { self.description = description }
}

/// Asks again and again, every 10 ms, until `condition` is true.
/// - Throws: ``NeverHappened`` after `seconds`; what `condition` throws.
public func eventually(
    _ what: String, within seconds: Int = 20, _ condition: () async throws -> Bool
) async throws {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    while try await !condition() {
        guard clock.now < end else { throw NeverHappened(description: "never happened: \(what)") }
        try await Task.sleep(for: .milliseconds(10))
    }
}
