internal import CLibpq

extension PostgresError {
    /// The one place where an answer of the server becomes an error.
    init(result: OpaquePointer) {
        let state = Self.field(result, "C")
        let primary = Self.field(result, "M") ?? PQresultErrorMessage(result).map { String(cString: $0) } ?? ""
        self.init(
            Self.code(sqlState: state), sqlState: state,
            constraint: Self.field(result, "n"),
            message: Self.withoutValue(primary, sqlState: state))
    }

    /// The code that a SQLSTATE stands for.
    static func code(sqlState: String?) -> Code {
        switch sqlState {
        case nil: .connection
        case "23505": .uniqueViolation
        case "23503": .foreignKeyViolation
        case "23514": .checkViolation
        case "23502": .notNullViolation
        case "40001", "40P01": .serialization
        case "22021", "22P05": .invalidText
        case "57014": .timeout
        case .some(let state) where state.hasPrefix("57P0") || state.hasPrefix("08"): .connection
        default: .server
        }
    }

    /// Messages of class 22 (data exceptions) quote the value; what stands before the quote is enough.
    static func withoutValue(_ message: String, sqlState: String?) -> String {
        let line = message.prefix { !$0.isNewline }
        guard let sqlState, sqlState.hasPrefix("22"), let quote = line.firstIndex(of: "\"") else { return String(line) }
        return line[..<quote].trimming(": ")
    }

    /// A field of the server's answer by its letter in the protocol; libpq's names for them are not imported.
    private static func field(_ result: OpaquePointer, _ letter: Unicode.Scalar) -> String? {
        PQresultErrorField(result, Int32(letter.value)).map { String(cString: $0) }
    }
}

extension StringProtocol {
    /// Without the given characters at the end.
    func trimming(_ characters: String) -> String {
        var text = String(self)
        while let last = text.last, characters.contains(last) { text.removeLast() }
        return text
    }
}
