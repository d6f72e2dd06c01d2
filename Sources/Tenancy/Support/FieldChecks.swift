import Foundation
import JSON

/// Collects what is wrong with a draft, so that the caller learns all of it at once. Lengths count Unicode scalars, as
/// the database's constraints do.
struct FieldChecks {
    private(set) var errors: [FieldError] = []

    mutating func add(_ field: String, _ code: String, _ message: String) {
        errors.append(FieldError(field, code, message))
    }

    /// A text of `lengths` characters; `nil` is fine.
    mutating func text(_ field: String, _ value: String?, _ lengths: ClosedRange<Int>) {
        guard let value else { return }
        let count = value.unicodeScalars.count
        if value.unicodeScalars.contains("\0") {
            add(field, "invalid", "must not contain the character U+0000")
        } else if count < lengths.lowerBound {
            let empty = lengths.lowerBound == 1
            add(
                field, empty ? "required" : "too_short",
                empty ? "must not be empty" : "must have at least \(lengths.lowerBound) characters")
        } else if count > lengths.upperBound {
            add(field, "too_long", "must have at most \(lengths.upperBound) characters")
        } else if lengths.lowerBound > 0, value.allSatisfy(\.isWhitespace) {
            add(field, "required", "must not be blank")
        }
    }

    /// A number within `range`.
    mutating func number(_ field: String, _ value: Int64?, _ range: ClosedRange<Int64>) {
        guard let value, !range.contains(value) else { return }
        add(field, "out_of_range", "must be from \(range.lowerBound) to \(range.upperBound)")
    }

    /// Three capital letters, as ISO 4217 has them.
    mutating func currency(_ field: String, _ value: String) {
        guard value.utf8.count != 3 || !value.utf8.allSatisfy({ (65...90).contains($0) }) else { return }
        add(field, "invalid", "must be a currency code of ISO 4217 in capital letters, such as EUR")
    }

    /// An e-mail address; `nil` is fine.
    mutating func email(_ field: String, _ value: String?) {
        guard let value, EmailAddress(value) == nil else { return }
        add(field, "invalid", "must be an e-mail address")
    }

    /// A JSON object of at most 64 KiB.
    mutating func object(_ field: String, _ value: JSONObject) {
        guard !value.isEmpty, value.encoded.count > 65_536 else { return }
        add(field, "too_long", "must have at most 65536 bytes as JSON")
    }

    /// - Throws: ``InvalidFields`` with everything found.
    func check() throws(InvalidFields) {
        if !errors.isEmpty { throw InvalidFields(errors) }
    }
}
