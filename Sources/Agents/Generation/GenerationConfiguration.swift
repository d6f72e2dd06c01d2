/// The limits of answers that models write.
public struct GenerationConfiguration: Sendable, Hashable {
    /// Tries beyond the planned calls in one turn.
    public var extraAttempts = 4
    /// How long before a turn's end models are given up, so that skills can still answer.
    public var reserve = Duration.seconds(3)
    /// Characters of a reply in a customer's conversation and elsewhere.
    public var maximumCharacters = 4_000

    /// The limits as they are built in.
    public init() {}
}
