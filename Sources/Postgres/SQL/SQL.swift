/// A statement and the values bound to it. The text never contains a value: `"… WHERE id = \(id)"` binds `id` as `$1`.
///
/// Literal parts are the author's own text. They must not contain `$1` and the like; numbers are given out when the
/// statement is rendered, so that fragments can be put together in any order.
public struct SQL: Sendable, ExpressibleByStringInterpolation {
    enum Piece: Sendable {
        case text(String)
        case parameter(PostgresValue)
    }

    var pieces: [Piece]

    init(pieces: [Piece]) {
        self.pieces = pieces
    }

    /// A statement without parameters, from a literal.
    public init(stringLiteral value: String) {
        pieces = [.text(value)]
    }

    /// A statement with parameters, from an interpolated literal.
    public init(stringInterpolation: StringInterpolation) {
        pieces = stringInterpolation.pieces
    }

    /// A statement from trusted text, such as a name known at compile time. Never pass what a client sent.
    public init(raw text: String) {
        pieces = [.text(text)]
    }

    /// Whether nothing was written yet: no text and no parameter.
    public var isEmpty: Bool {
        pieces.allSatisfy { piece in
            if case .text(let text) = piece { text.isEmpty } else { false }
        }
    }

    /// The text as it is sent, with `$1`, `$2` … in order of appearance.
    public var text: String {
        var text = ""
        var number = 0
        for piece in pieces {
            switch piece {
            case .text(let part): text += part
            case .parameter:
                number += 1
                text += "$\(number)"
            }
        }
        return text
    }

    /// The bound values, `$1` first.
    public var parameters: [PostgresValue] {
        pieces.compactMap { piece in
            if case .parameter(let value) = piece { value } else { nil }
        }
    }

    /// One statement after the other, without a separator.
    public static func + (left: SQL, right: SQL) -> SQL {
        SQL(pieces: left.pieces + right.pieces)
    }

    /// Appends a fragment, without a separator.
    public static func += (left: inout SQL, right: SQL) {
        left.pieces += right.pieces
    }
}

extension Sequence<SQL> {
    /// The fragments with `separator` between them, for lists of values, columns or conditions.
    public func joined(separator: SQL) -> SQL {
        var result = SQL(pieces: [])
        for (index, fragment) in enumerated() {
            if index > 0 { result += separator }
            result += fragment
        }
        return result
    }
}
