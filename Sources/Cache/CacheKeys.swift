import Crypto
import Foundation
import JSON

/// The names of all keys in Redis. The braces are a cluster hash tag: what belongs together is on one node, and a
/// script may use all keys of one company.
enum CacheKeys {
    /// What all keys of a company begin with.
    static func prefix(_ company: UUID) -> String { "sb:{\(company.lowercased)}:" }

    /// Hash with the generation of each kind.
    static func generations(_ company: UUID) -> String { prefix(company) + "gen" }

    /// A cached value, found only by those who know the generation.
    static func value(_ company: UUID, generation: String, kind: CacheKind, id: String) -> String {
        "\(prefix(company))\(generation):\(kind.rawValue):\(id)"
    }

    /// State of a limit of a company or of one of its callers.
    static func limit(_ company: UUID, name: String, subject: String) -> String {
        "\(prefix(company))limit:\(name):\(subject)"
    }

    /// State of a limit that belongs to no company. The subject, an address or an account, is not readable there.
    static func limit(name: String, subject: String) -> String {
        "sb:{limit:\(name):\(digest(subject))}"
    }

    /// The edition of a conversation's messages.
    static func edition(_ company: UUID, _ conversation: UUID) -> String {
        editions(company) + conversation.lowercased
    }

    /// What the keys of a company's editions begin with.
    static func editions(_ company: UUID) -> String { prefix(company) + "edition:" }

    /// Stream of a company's events.
    static func feed(_ company: UUID) -> String { prefix(company) + "feed" }

    /// Sorted set of who of the company is here.
    static func presence(_ company: UUID) -> String { prefix(company) + "presence" }

    /// Finds all keys of a company, as SCAN matches.
    static func pattern(_ company: UUID) -> String { prefix(company) + "*" }

    private static func digest(_ text: String) -> String {
        SHA256.hash(data: Array(text.utf8)).prefix(16).hex
    }
}
