import Crypto
import Foundation
import JSON

/// The pages, scripts and style sheets of `Web/`, read once at start and served from memory.
struct WebFiles: Sendable {
    struct File: Sendable {
        let bytes: [UInt8]
        /// The same, compressed; nil when that saves nothing.
        let gzip: [UInt8]?
        let type: String
        let etag: String
    }

    private let files: [String: File]

    /// Reads every file below `folder`; without the folder there are no pages.
    init(folder: String) {
        let root = URL(filePath: folder, directoryHint: .isDirectory)
        var files: [String: File] = [:]
        let names = FileManager.default.enumerator(atPath: root.path())?.compactMap { $0 as? String } ?? []
        for name in names {
            guard let type = Self.type(of: name), let data = try? Data(contentsOf: root.appending(path: name)) else {
                continue
            }
            let bytes = Array(data)
            files[name] = File(
                bytes: bytes, gzip: type == "image/png" ? nil : Gzip.compressed(bytes), type: type, etag: ETag.of(data))
        }
        self.files = files
    }

    /// The file of that path below the folder.
    subscript(path: String) -> File? { files[path] }

    private static func type(of name: String) -> String? {
        switch name.split(separator: ".").last.map(String.init) {
        case "html": "text/html; charset=utf-8"
        case "js", "mjs": "text/javascript; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "svg": "image/svg+xml"
        case "png": "image/png"
        case "json": "application/json"
        default: nil
        }
    }
}

/// Entity tags of RFC 9110 section 8.8.3.
enum ETag {
    /// A strong tag of these bytes.
    static func of(_ bytes: some DataProtocol) -> String {
        "\"" + SHA256.hash(data: bytes).prefix(12).hex + "\""
    }

    /// The row's version in a tag such as `"v3-0a1b"` or `"v3"`; `nil` when it is not one of a row.
    static func version(_ tag: String) -> Int? {
        guard tag.hasPrefix("\"v"), tag.hasSuffix("\""), tag.utf8.count > 3 else { return nil }
        let digits = tag.dropFirst(2).dropLast().prefix { $0 != "-" }
        return digits.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(digits) : nil
    }

    /// Whether `header` (an If-None-Match or If-Match list) names `tag`; weak and strong forms count as the same.
    static func matches(_ header: String, _ tag: String) -> Bool {
        if header == tag { return true }
        return header.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.contains { candidate in
            candidate == "*" || candidate == tag || candidate == "W/" + tag
        }
    }
}
