/// The limits of the turns in one process.
public struct TurnConfiguration: Sendable {
    /// Whether this process runs turns. One that does not still accepts them, for others to run.
    public var works = true
    /// Turns at once in this process.
    public var turnsAtOnce = 16
    /// Turns of one company at once, on all processes together.
    public var turnsPerCompany = 4
    /// Messages whose turns wait to be accepted; a further one stays pending in the database until a sweep takes it.
    public var waiting = 1_000
    /// How long one turn may take where a customer reads.
    public var customerTurnTime = Duration.seconds(45)
    /// How long one turn may take elsewhere.
    public var turnTime = Duration.seconds(90)
    /// How often a turn is begun before it is given up, with a notice.
    public var attempts = 3
    /// Tries of one answer when a store is away.
    public var tries = 3
    /// The first pause between two tries; each further one is twice as long.
    public var pause = Duration.milliseconds(250)
    /// How often a claim is renewed; it holds for 30 seconds.
    public var heartbeat = Duration.seconds(10)
    /// How often turns are looked for that another process accepted.
    public var pollInterval = Duration.milliseconds(200)
    /// How often is looked for what a dead process left behind.
    public var sweepInterval = Duration.seconds(5)
    /// How old a message must be whose turns nobody has accepted.
    public var sweepAge = Duration.seconds(5)
    /// After how many seconds a customer who waits for a person is told so once more.
    public var pickupSeconds = 900.0
    /// Told of every step of every turn; a test that throws ``TurnCrash`` here ends the turn as a killed process would.
    public var onStep: @Sendable (TurnStep, String) async throws -> Void = { _, _ in }

    /// The limits as they are built in.
    public init() {}
}

/// Ends a turn as if its process had been killed: nothing is released, noted or said.
public struct TurnCrash: Error, Sendable {
    /// A crash.
    public init() {}
}
