public import JSON

/// One figure a plan limits.
public enum PlanFigure: String, Sendable, Hashable, CaseIterable {
    /// Requests of the whole company in a minute.
    case requestsPerMinute
    /// Requests of one caller of the company in a minute.
    case requestsPerMinutePerCaller
    /// Members a company may have.
    case members
    /// Products a company may have.
    case products
    /// Customers a company may have.
    case customers
    /// API keys a company may have.
    case apiKeys
    /// Agents of its own a company may define.
    case agents
}

/// What a company may do on its plan.
public struct PlanLimits: Sendable, Hashable {
    private var figures: [PlanFigure: Int]

    /// Limits in which every figure is given; one that lacks is 0.
    public init(_ figures: [PlanFigure: Int]) { self.figures = figures }

    /// The limit of `figure`.
    public subscript(figure: PlanFigure) -> Int {
        get { figures[figure] ?? 0 }
        set { figures[figure] = newValue }
    }

    /// Stops a company that has `count` of `figure` and wants one more.
    /// - Throws: ``QuotaExceeded`` naming figure and limit.
    func allowOneMore(_ figure: PlanFigure, having count: Int) throws(QuotaExceeded) {
        guard count < self[figure] else { throw QuotaExceeded(figure: figure.rawValue, limit: self[figure]) }
    }
}

extension PlanLimits: JSONEncodable {
    /// Writes every figure under its name.
    public func encode(into writer: inout JSONWriter) {
        writer.object { writer in
            for figure in PlanFigure.allCases { writer.field(key: figure.rawValue, self[figure]) }
        }
    }
}

/// The limits of all plans.
public struct PlanTable: Sendable, Hashable {
    private var limits: [SubscriptionPlan: PlanLimits]

    /// The limits a server has that was told nothing else.
    public static let standard = PlanTable([
        .free: [
            .requestsPerMinute: 6_000, .requestsPerMinutePerCaller: 3_000, .members: 5, .products: 200,
            .customers: 10_000, .apiKeys: 5, .agents: 2,
        ],
        .pro: [
            .requestsPerMinute: 60_000, .requestsPerMinutePerCaller: 20_000, .members: 50, .products: 20_000,
            .customers: 1_000_000, .apiKeys: 50, .agents: 20,
        ],
        .business: [
            .requestsPerMinute: 600_000, .requestsPerMinutePerCaller: 200_000, .members: 1_000, .products: 1_000_000,
            .customers: 100_000_000, .apiKeys: 500, .agents: 200,
        ],
    ])

    private init(_ table: [SubscriptionPlan: [PlanFigure: Int]]) { limits = table.mapValues(PlanLimits.init) }

    /// The standard limits with some figures set otherwise.
    /// - Parameter override: asked for every figure of every plan; `nil` keeps the standard. Negative values count as 0.
    public init(override: (SubscriptionPlan, PlanFigure) -> Int?) {
        self = .standard
        for plan in SubscriptionPlan.allCases {
            for figure in PlanFigure.allCases {
                if let value = override(plan, figure) { limits[plan]?[figure] = max(0, value) }
            }
        }
    }

    /// The limits of a company on `plan`. A cancelled subscription has those of the free plan.
    public func limits(_ plan: SubscriptionPlan, _ status: SubscriptionStatus = .active) -> PlanLimits {
        limits[status == .cancelled ? .free : plan] ?? PlanLimits([:])
    }
}
