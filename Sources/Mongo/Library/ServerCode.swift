import Foundation

/// The server's error codes that mean something here
/// (https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml), and what their messages tell.
enum ServerCode {
    static let namespaceNotFound: Int32 = 26
    static let indexNotFound: Int32 = 27
    static let namespaceExists: Int32 = 48
    static let maxTimeExpired: Int32 = 50
    static let authenticationFailed: Int32 = 18
    static let validation: Int32 = 121
    static let indexConflicts: Set<Int32> = [85, 86]

    /// A node that is going down, changing its role, or out of reach.
    static let unavailable: Set<Int32> = [
        6, 7, 89, 91, 134, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436,
    ]

    static func isDuplicateKey(_ code: Int32) -> Bool { code == 11000 || code == 11001 || code == 12582 }

    /// The index in `E11000 duplicate key error collection: db.c index: name dup key: { … }`.
    static func duplicateIndex(in message: String) -> String? {
        guard let start = message.range(of: " index: ") else { return nil }
        let rest = message[start.upperBound...]
        let name = rest.range(of: " dup key: ").map { rest[..<$0.lowerBound] } ?? rest.prefix { $0 != " " }
        return name.isEmpty ? nil : String(name)
    }

    /// The message without the key's values, which may be content.
    static func withoutValues(_ message: String) -> String {
        message.range(of: " dup key: ").map { String(message[..<$0.lowerBound]) } ?? message
    }

    /// The message with the names, never the values, of the fields that broke the rules.
    static func validationMessage(_ message: String, _ info: BSONDocument?) -> String {
        let rules = info?.document("details")?.array("schemaRulesNotSatisfied") ?? []
        var fields: [String] = []
        for rule in rules.compactMap(\.documentValue) {
            fields += (rule.array("missingProperties") ?? []).compactMap(\.stringValue)
            for key in ["propertiesNotSatisfied", "items"] {
                fields += (rule.array(key) ?? []).compactMap { $0.documentValue?.string("propertyName") }
            }
            fields += (rule.array("additionalProperties") ?? []).compactMap(\.stringValue)
        }
        return fields.isEmpty ? message : "\(message): \(fields.joined(separator: ", "))"
    }
}
