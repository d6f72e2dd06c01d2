import CZlib
import Foundation

/// gzip (RFC 1952), for files that are served many times over.
enum Gzip {
    /// The largest file that is compressed, in bytes.
    static let largest = 16 << 20

    /// `bytes` as small as zlib makes them; nil when they would not become smaller, or are more than ``largest``.
    static func compressed(_ bytes: [UInt8]) -> [UInt8]? {
        guard !bytes.isEmpty, bytes.count <= largest else { return nil }
        var input = bytes
        var stream = z_stream()
        // 16 more than the size of the window asks for gzip's frame instead of zlib's.
        let begun = deflateInit2_(
            &stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard begun == Z_OK else { return nil }
        defer { deflateEnd(&stream) }
        var isDone = false
        let output = [UInt8](unsafeUninitializedCapacity: bytes.count) { output, count in
            input.withUnsafeMutableBufferPointer { input in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                isDone = deflate(&stream, Z_FINISH) == Z_STREAM_END
            }
            count = output.count - Int(stream.avail_out)
        }
        return isDone && output.count < bytes.count ? output : nil
    }

    /// Whether an `Accept-Encoding` (RFC 9110, 12.5.3) takes gzip.
    static func isAccepted(by header: String?) -> Bool {
        let codings = (header ?? "").lowercased().split(separator: ",").map { coding in
            let parts = coding.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            return (name: parts.first ?? "", isWanted: weight > 0)
        }
        let named = codings.first { $0.name == "gzip" } ?? codings.first { $0.name == "*" }
        return named?.isWanted ?? false
    }
}
