/// The limits of the turns in one process.
public struct TurnConfiguration: Sendable, Hashable {
    /// Turns at once.
    public var turnsAtOnce = 16
    /// Turns of one company at once.
    public var turnsPerCompany = 8
    /// Messages whose turns may wait; a further one stays pending in the database until a sweep takes it.
    public var waiting = 1_000
    /// How long one agent may take for one answer.
    public var turnTime = Duration.seconds(20)
    /// Tries of one answer when a store is away.
    public var attempts = 3
    /// The first pause between two tries; each further one is twice as long.
    public var pause = Duration.milliseconds(250)
    /// How often messages are looked for whose turns a dead process left behind.
    public var sweepInterval = Duration.seconds(15)
    /// How old such a message must be: longer than all its turns may take.
    public var sweepAge = Duration.seconds(90)

    /// The limits as they are built in.
    public init() {}
}
