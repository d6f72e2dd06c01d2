public import Foundation
import Mongo

/// Which conversations a list shows.
public struct ConversationFilter: Sendable, Hashable {
    /// The most characters of ``query`` that count.
    public static let maximumQueryLength = 100
    /// The most ``queryCustomers`` that count.
    public static let maximumQueryCustomers = 200

    /// Only those of this status; both when nil.
    public var status: ConversationStatus?
    /// Only those on this platform.
    public var platform: Platform?
    /// Only those with this customer.
    public var customerId: UUID?
    /// Only those this member takes care of.
    public var assignee: UUID?
    /// Only those whose customer waits for a person, or only those whose customer does not; all when nil.
    public var isPersonCalled: Bool?
    /// Only those whose title has this text somewhere, in either case, or that are with one of ``queryCustomers``.
    public var query: String?
    /// The customers whose name, address or number matches ``query``; the caller looks them up in Postgres.
    public var queryCustomers: [UUID]

    /// A filter; what is left out does not matter.
    public init(
        status: ConversationStatus? = nil, platform: Platform? = nil, customerId: UUID? = nil, assignee: UUID? = nil,
        isPersonCalled: Bool? = nil, query: String? = nil, queryCustomers: [UUID] = []
    ) {
        self.status = status
        self.platform = platform
        self.customerId = customerId
        self.assignee = assignee
        self.isPersonCalled = isPersonCalled
        self.query = query
        self.queryCustomers = queryCustomers
    }
}

extension ConversationFilter {
    /// The filter's conditions.
    var conditions: [(String, BSONValue)] {
        var conditions: [(String, BSONValue)] = []
        // A deleted conversation has another status: leaving it out needs no condition of its own.
        let statuses = status.map { [$0] } ?? ConversationStatus.allCases
        conditions.append(("metadata.status", ["$in": .array(statuses.map { .string($0.rawValue) })]))
        if let platform { conditions.append(("platform", .string(platform.rawValue))) }
        if let customerId { conditions.append(("customerId", .uuid(customerId))) }
        if let assignee { conditions.append(("assignee", .uuid(assignee))) }
        if let isPersonCalled { conditions.append(("control.requestedAt", ["$exists": .bool(isPersonCalled)])) }
        if let query, !query.isEmpty {
            let text = Self.escaped(String(query.prefix(Self.maximumQueryLength)))
            var alternatives: [BSONValue] = [["title": .regex(pattern: text, options: "i")]]
            if !queryCustomers.isEmpty {
                let customers = queryCustomers.prefix(Self.maximumQueryCustomers).map { BSONValue.uuid($0) }
                alternatives.append(["customerId": ["$in": .array(customers)]])
            }
            conditions.append(("$or", .array(alternatives)))
        }
        return conditions
    }

    /// `text` as a regular expression that matches exactly it.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars where scalar.value != 0 {
            if scalar.isASCII, "\\^$.|?*+()[]{}-/#".unicodeScalars.contains(scalar) { escaped.append("\\") }
            escaped.unicodeScalars.append(scalar)
        }
        return escaped
    }
}
