import JSON

extension CompanySettings {
    /// How many turns of agents an author may start, a setting of `settings.turnsPerHour`.
    public enum TurnFigure: String, Sendable, Hashable, CaseIterable {
        /// One customer.
        case customer
        /// One member.
        case member
    }

    /// Turns an hour that the company allows, 1 to 100,000; `nil` where it leaves that to the server.
    public func turnsPerHour(_ figure: TurnFigure) -> Int? {
        object["turnsPerHour"]?[figure.rawValue]?.integerValue.flatMap { Int(exactly: $0) }
    }

    func checkTurns(into checks: inout FieldChecks) {
        guard let value = object["turnsPerHour"], !value.isNull else { return }
        guard let members = value.objectValue else {
            return checks.add("settings.turnsPerHour", "invalid", "must be an object")
        }
        for figure in TurnFigure.allCases {
            guard let number = members[figure.rawValue], !number.isNull else { continue }
            guard let count = number.integerValue, (1...100_000).contains(count) else {
                checks.add("settings.turnsPerHour.\(figure.rawValue)", "invalid", "must be from 1 to 100000")
                continue
            }
        }
    }
}
