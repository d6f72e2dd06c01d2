import Agents

/// The agents' turns.
public struct WorkSettings: Sendable {
    /// How many at once, and whether this process runs any.
    public var turns = TurnConfiguration()

    init(_ settings: inout SettingsReader) {
        turns.works = settings.flag("workers.inside", default: true)
        turns.turnsAtOnce = settings.integer("turns.at.once", default: turns.turnsAtOnce, in: 1...1_000)
        turns.turnsPerCompany = settings.integer("turns.per.company", default: turns.turnsPerCompany, in: 1...1_000)
    }
}
