public import Foundation
public import JSON

/// One device on which a person is signed in.
public struct Session: Sendable, Hashable {
    /// The session's id.
    public let id: UUID
    /// The person's id.
    public let userId: UUID
    /// What the device calls itself.
    public let userAgent: String?
    /// The address it was last seen from.
    public let ip: String?
    /// When the person signed in.
    public let createdAt: Date
    /// When it last got a new token.
    public let lastSeenAt: Date
    /// When it ends unless it is used before.
    public let expiresAt: Date
    /// Whether it is the session of the caller who asks.
    public var current: Bool
}

extension Session: JSONEncodable {
    /// Writes the session as API.md shapes it.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("userAgent", userAgent)
            $0.field("ip", ip)
            $0.field("createdAt", createdAt)
            $0.field("lastSeenAt", lastSeenAt)
            $0.field("expiresAt", expiresAt)
            $0.field("current", current)
        }
    }
}

/// What is known of a device that signs in.
public struct Device: Sendable, Hashable {
    /// The `User-Agent`; what is beyond 512 characters is cut off.
    public let userAgent: String?
    /// The address of the client.
    public let ip: String?

    /// A device.
    public init(userAgent: String? = nil, ip: String? = nil) {
        let clean = userAgent?.unicodeScalars.filter { $0 != "\0" }.prefix(512)
        self.userAgent = clean.map { String(String.UnicodeScalarView($0)) }
        self.ip = ip.map { String($0.prefix(64)) }
    }
}
