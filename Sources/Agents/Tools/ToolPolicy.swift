/// Whether a tool may be used by itself.
public enum ToolPolicy: String, Sendable, Hashable, CaseIterable, Comparable {
    /// It runs when it is called.
    case auto
    /// A member decides about every call.
    case approve
    /// It is not used.
    case off

    /// Whether `lhs` allows more.
    public static func < (lhs: ToolPolicy, rhs: ToolPolicy) -> Bool { lhs.strictness < rhs.strictness }

    private var strictness: Int {
        switch self {
        case .auto: 0
        case .approve: 1
        case .off: 2
        }
    }
}
