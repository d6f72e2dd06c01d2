import Agents

/// The agents' turns.
public struct WorkSettings: Sendable {
    /// How many at once, and whether this process runs any.
    public var turns = TurnConfiguration()
    /// Turns an hour of one customer, where the company says nothing else.
    public var turnsPerCustomer: Int
    /// Turns an hour of one member, where the company says nothing else.
    public var turnsPerMember: Int

    init(_ settings: inout SettingsReader) {
        turnsPerCustomer = settings.integer("turns.per.customer.hour", default: 20, in: 1...100_000)
        turnsPerMember = settings.integer("turns.per.member.hour", default: 120, in: 1...100_000)
        turns.works = settings.flag("workers.inside", default: true)
        turns.turnsAtOnce = settings.integer("turns.at.once", default: turns.turnsAtOnce, in: 1...1_000)
        turns.turnsPerCompany = settings.integer("turns.per.company", default: turns.turnsPerCompany, in: 1...1_000)
    }
}
