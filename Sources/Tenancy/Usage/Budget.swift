import JSON

/// What a company wants language models to take in a calendar month (UTC), from its settings:
/// `{"budget": {"monthlyCostMicros": 20000000, "monthlyTurns": 5000, "onBudget": "deterministic"}}`.
public struct Budget: Sendable, Hashable {
    /// What happens when it is used up.
    public enum Action: String, Sendable, Hashable, CaseIterable {
        /// Agents answer by their rules; what these cannot answer goes to a person.
        case deterministic
        /// Customers are passed on to people at once.
        case handoff
    }

    /// How much of it is used.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Less than 80 %.
        case open
        /// 80 % or more.
        case warning
        /// All of it.
        case exhausted
    }

    /// Millionths of a US dollar; `nil` for no limit.
    public var monthlyCostMicros: Int64?
    /// Turns that a model answers; `nil` for no limit.
    public var monthlyTurns: Int64?
    /// What happens when it is used up.
    public var action: Action

    /// A budget.
    public init(monthlyCostMicros: Int64? = nil, monthlyTurns: Int64? = nil, action: Action = .deterministic) {
        self.monthlyCostMicros = monthlyCostMicros
        self.monthlyTurns = monthlyTurns
        self.action = action
    }

    /// Whether there is any limit.
    public var isLimited: Bool { monthlyCostMicros != nil || monthlyTurns != nil }

    /// The share of the tighter limit that a month's usage takes, 0 without a limit. A limit of 0 is always used up.
    public func share(of usage: Usage) -> Double {
        func share(_ used: Int64, _ limit: Int64?) -> Double {
            guard let limit else { return 0 }
            return limit <= 0 ? 1 : Double(used) / Double(limit)
        }
        return max(share(usage.costMicros, monthlyCostMicros), share(usage.modelTurns, monthlyTurns))
    }

    /// How much of it a month's usage takes.
    public func state(after usage: Usage) -> State {
        let share = share(of: usage)
        return share >= 1 ? .exhausted : share >= 0.8 ? .warning : .open
    }
}

extension CompanySettings {
    /// What language models may take in a month.
    public var budget: Budget {
        let members = object["budget"]
        return Budget(
            monthlyCostMicros: members?["monthlyCostMicros"]?.integerValue,
            monthlyTurns: members?["monthlyTurns"]?.integerValue,
            action: members?["onBudget"]?.stringValue.flatMap(Budget.Action.init(rawValue:)) ?? .deterministic)
    }

    func checkBudget(into checks: inout FieldChecks) {
        guard let value = object["budget"], !value.isNull else { return }
        guard let members = value.objectValue else {
            return checks.add("settings.budget", "invalid", "must be an object")
        }
        for name in ["monthlyCostMicros", "monthlyTurns"] {
            guard let limit = members[name], !limit.isNull else { continue }
            guard let number = limit.integerValue else {
                checks.add("settings.budget.\(name)", "invalid", "must be an integer")
                continue
            }
            checks.number("settings.budget.\(name)", number, 0...1_000_000_000_000)
        }
        if let action = members["onBudget"], action.stringValue.flatMap(Budget.Action.init(rawValue:)) == nil {
            checks.add("settings.budget.onBudget", "not_allowed", "must be one of deterministic, handoff")
        }
    }
}
