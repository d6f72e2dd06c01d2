extension SQL {
    /// What the compiler feeds the parts of an interpolated statement into.
    public struct StringInterpolation: StringInterpolationProtocol {
        var pieces: [Piece] = []

        /// Makes room for the parts.
        public init(literalCapacity: Int, interpolationCount: Int) {
            pieces.reserveCapacity(2 * interpolationCount + 1)
        }

        /// Takes the author's own text as it is.
        public mutating func appendLiteral(_ literal: String) {
            if !literal.isEmpty { pieces.append(.text(literal)) }
        }

        /// Binds a value as the next parameter.
        public mutating func appendInterpolation(_ value: some PostgresEncodable) {
            pieces.append(.parameter(value.postgresValue))
        }

        /// Binds a value, or NULL, as the next parameter. For optionals the compiler wants to see that they are expected.
        public mutating func appendInterpolation<Value: PostgresEncodable>(_ value: Value?) {
            pieces.append(.parameter(value.postgresValue))
        }

        /// Inserts trusted text as it is. Never pass what a client sent.
        public mutating func appendInterpolation(raw text: String) {
            pieces.append(.text(text))
        }

        /// Splices another statement with its parameters, which get new numbers here.
        public mutating func appendInterpolation(fragment: SQL) {
            pieces += fragment.pieces
        }
    }
}
