extension BSONDocument: Sequence {
    /// Walks the elements in order, decoding one at a time. Ends early at a malformed element.
    public struct Iterator: IteratorProtocol {
        private let bytes: [UInt8]
        private var offset = 4

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        /// The next element, or `nil` at the end.
        public mutating func next() -> (key: String, value: BSONValue)? {
            let (found, resume) = bytes.withUnsafeBytes { buffer in
                var scanner = BSONScanner(buffer, resumingAt: offset)
                guard let element = scanner.next(), let key = element.key(in: buffer),
                    let value = element.value(in: buffer)
                else { return ((key: String, value: BSONValue)?.none, buffer.count) }
                return ((key, value), element.value.upperBound)
            }
            offset = resume
            return found
        }
    }

    /// An iterator over the elements.
    public func makeIterator() -> Iterator { Iterator(bytes) }

    /// The keys in order.
    public var keys: [String] { map { $0.key } }
}
