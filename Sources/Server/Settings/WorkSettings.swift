import Agents

/// The agents' turns.
public struct WorkSettings: Sendable {
    /// How many at once, and whether this process runs any.
    public var turns = TurnConfiguration()
    /// Turns of one customer.
    public var perCustomer: TurnFigures
    /// Turns of one member.
    public var perMember: TurnFigures

    init(_ settings: inout SettingsReader) {
        perCustomer = TurnFigures(
            all: settings.integer("turns.per.customer.hour", default: 200, in: 1...100_000),
            model: settings.integer("model.turns.per.customer.hour", default: 20, in: 1...100_000))
        perMember = TurnFigures(
            all: settings.integer("turns.per.member.hour", default: 1_200, in: 1...100_000),
            model: settings.integer("model.turns.per.member.hour", default: 120, in: 1...100_000))
        turns.works = settings.flag("workers.inside", default: true)
        turns.turnsAtOnce = settings.integer("turns.at.once", default: turns.turnsAtOnce, in: 1...1_000)
        turns.turnsPerCompany = settings.integer("turns.per.company", default: turns.turnsPerCompany, in: 1...1_000)
    }
}

/// How many turns one author has in an hour.
public struct TurnFigures: Sendable, Hashable {
    /// All, where the company says nothing else.
    public var all: Int
    /// Those in which a language model may be asked; rules answer the others.
    public var model: Int
}
