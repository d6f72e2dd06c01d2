extension PostgresConfiguration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The URL for people: scheme, host, port and database. No user, no password, no options.
    public var redactedURL: String {
        guard let scheme = url.range(of: "://") else { return "(unreadable URL)" }
        let rest = url[scheme.upperBound...].prefix { $0 != "?" && $0 != "#" }
        // A password may hold an unencoded @ or /, so that everything up to the last @ goes.
        let place = rest.lastIndex(of: "@").map { rest[rest.index(after: $0)...] } ?? rest
        return String(url[..<scheme.upperBound] + place)
    }

    /// A message of libpq without what the URL holds before the host.
    func redact(_ message: String) -> String {
        var message = message
        if let start = url.range(of: "://"), let end = url.lastIndex(of: "@"), start.upperBound < end {
            message = message.replacing(url[start.upperBound..<end], with: "…")
            if let colon = url[start.upperBound..<end].firstIndex(of: ":") {
                let password = url[url.index(after: colon)..<end]
                if password.count > 3 { message = message.replacing(password, with: "…") }
            }
        }
        return message
    }

    /// The redacted URL and the size of the pool.
    public var description: String { "\(redactedURL) (at most \(poolSize) connections)" }
    /// The same as `description`, so that dumps show no password.
    public var debugDescription: String { description }
    /// Without the URL, for the same reason.
    public var customMirror: Mirror { Mirror(self, children: ["url": redactedURL, "poolSize": poolSize]) }
}

extension String {
    /// The first occurrence of a text.
    fileprivate func range(of text: String) -> Range<Index>? {
        firstRange(of: text)
    }
}
