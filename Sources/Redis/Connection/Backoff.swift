/// Waits between attempts: doubling from `first` up to `longest`, each shortened at random by up to a half, so
/// that many processes do not come back at the same moment.
package struct Backoff: Sendable {
    private let first: Duration
    private let longest: Duration
    private var attempts = 0

    package init(first: Duration = .milliseconds(50), longest: Duration = .seconds(2)) {
        self.first = first
        self.longest = longest
    }

    /// The next wait.
    package mutating func next(random: Double = .random(in: 0...1)) -> Duration {
        let full = min(first * (1 << min(attempts, 16)), longest)
        attempts += 1
        return full * (1 - random / 2)
    }

    /// Begins again with the shortest wait.
    package mutating func reset() { attempts = 0 }
}
