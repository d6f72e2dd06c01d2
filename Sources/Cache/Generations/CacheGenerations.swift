import Synchronization

/// What is cached together and becomes invalid together.
public enum CacheKind: String, Sendable, Hashable, CaseIterable {
    /// Sessions, API keys, memberships. Never cached while Redis is away.
    case auth
    /// The company and its settings.
    case company
    /// Products.
    case products
    /// Heads of conversations.
    case conversations
    /// The company's own agents and what it set of the built-in ones.
    case agents

    var index: Int {
        switch self {
        case .auth: 0
        case .company: 1
        case .products: 2
        case .conversations: 3
        case .agents: 4
        }
    }
}

/// The generation of each kind, as a request found them when it began. A cached value is valid for one generation.
public struct CacheGenerations: Sendable, Hashable {
    /// How long an idle company's generations are kept. A lost generation is replaced by a new random one.
    static let lifetimeInSeconds = 30 * 86_400

    private let values: [String]

    /// - Parameter values: one for each kind, in the order of the kinds.
    init?(_ values: [String]) {
        guard values.count == CacheKind.allCases.count else { return nil }
        self.values = values
    }

    /// Generations as the limiter's script tells them, with spaces between.
    init?(joined bytes: [UInt8]) {
        self.init(bytes.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) })
    }

    subscript(kind: CacheKind) -> String { values[kind.index] }

    /// A new generation: 60 bits in 15 characters, which Swift keeps without an allocation.
    static func random() -> String { word(UInt64.random(in: 0..<1 << 60)) }

    /// A word that nobody else uses, for the case that a generation is lacking: seldom needed and asked for with every
    /// request, so counted on from a random beginning.
    static func candidate() -> String {
        word(counter.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue >> 4)
    }

    private static let counter = Atomic<UInt64>(UInt64.random(in: 0 ... .max))

    private static func word(_ bits: UInt64) -> String {
        String(unsafeUninitializedCapacity: 15) { buffer in
            for place in 0..<15 {
                let digit = UInt8(truncatingIfNeeded: bits >> UInt64(4 * place)) & 15
                buffer[place] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit
            }
            return 15
        }
    }
}
