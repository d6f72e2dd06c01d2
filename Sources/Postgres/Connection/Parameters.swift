/// Bound values laid out for libpq: one buffer, every value followed by a zero byte.
struct Parameters: Sendable {
    private var bytes: [UInt8] = []
    private var offsets: [Int?] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    /// libpq takes text as C strings, which end at the first zero byte, so that such text is refused here.
    init(_ values: [PostgresValue]) throws {
        guard values.count <= 65_535 else {
            throw PostgresError(.usage, message: "\(values.count) parameters; a statement can have 65535")
        }
        for (index, value) in values.enumerated() {
            switch value {
            case .null: append(nil, binary: false)
            case .text(let text): append(try Self.checked(text.utf8, index), binary: false)
            case .utf8(let text): append(try Self.checked(text, index), binary: false)
            case .bytes(let bytes): append(bytes, binary: true)
            }
        }
    }

    var count: Int32 { Int32(offsets.count) }

    private static func checked<Text: Sequence<UInt8>>(_ text: Text, _ index: Int) throws -> Text {
        if text.contains(0) {
            throw PostgresError(.invalidText, message: "parameter $\(index + 1): text must not contain U+0000")
        }
        return text
    }

    private mutating func append(_ value: (some Sequence<UInt8>)?, binary: Bool) {
        let start = bytes.count
        if let value {
            bytes += value
            bytes.append(0)
        }
        offsets.append(value == nil ? nil : start)
        lengths.append(value == nil ? 0 : Int32(clamping: bytes.count - start - 1))
        formats.append(binary ? 1 : 0)
    }

    private mutating func append(_ value: [UInt8]?, binary: Bool) {
        append(value.map { $0[...] }, binary: binary)
    }

    /// Lends the arrays that libpq wants: values, lengths, formats.
    func withPointers<T>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> T
    ) -> T {
        bytes.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) { characters in
                let values = offsets.map { offset in
                    offset.flatMap { start in characters.baseAddress.map { $0 + start } }
                }
                return values.withUnsafeBufferPointer { values in
                    lengths.withUnsafeBufferPointer { lengths in
                        formats.withUnsafeBufferPointer { formats in
                            body(values.baseAddress, lengths.baseAddress, formats.baseAddress)
                        }
                    }
                }
            }
        }
    }
}
