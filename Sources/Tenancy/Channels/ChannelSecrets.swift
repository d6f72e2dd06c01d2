import JSON

/// What a channel shows its provider and its provider shows it. Kept sealed, never shown.
public struct ChannelSecrets: Sendable, Hashable {
    /// One of the secrets, by its name in a request's `secrets`.
    public enum Name: String, Sendable, Hashable, CaseIterable {
        /// WhatsApp: the system user's token, by which messages are sent.
        case accessToken
        /// WhatsApp: the app's secret, by which webhooks are signed.
        case appSecret
        /// WhatsApp: the word with which the webhook is verified once.
        case verifyToken
        /// E-mail: the token of the server at Postmark.
        case serverToken
        /// E-mail: what inbound webhooks bring along, in the address or as a password.
        case inboundSecret

        /// The fewest characters: what guards a webhook alone must not be guessed.
        var minimum: Int { self == .inboundSecret || self == .appSecret ? 16 : 1 }
    }

    private var values: [Name: String]

    /// These secrets.
    public init(_ values: [Name: String] = [:]) { self.values = values }

    /// A secret; empty when it was not given.
    public subscript(name: Name) -> String {
        get { values[name] ?? "" }
        set { values[name] = newValue }
    }

    /// The secrets that a kind of channel needs.
    public static func needed(for kind: Channel.Kind) -> [Name] {
        switch kind {
        case .whatsapp: [.accessToken, .appSecret, .verifyToken]
        case .email: [.serverToken, .inboundSecret]
        }
    }

    /// These secrets with others laid over them.
    func merged(with other: ChannelSecrets) -> ChannelSecrets {
        ChannelSecrets(values.merging(other.values) { $1 })
    }

    /// What is wrong with them for a channel of this kind.
    func check(for kind: Channel.Kind, into checks: inout FieldChecks) {
        let needed = Self.needed(for: kind)
        for name in Name.allCases {
            guard let value = values[name] else {
                if needed.contains(name) {
                    checks.add("secrets.\(name.rawValue)", "required", "is required for \(kind.rawValue)")
                }
                continue
            }
            guard needed.contains(name) else {
                checks.add("secrets.\(name.rawValue)", "not_allowed", "does not belong to \(kind.rawValue)")
                continue
            }
            if !(name.minimum...1_000).contains(value.utf8.count)
                || !value.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
            {
                checks.add(
                    "secrets.\(name.rawValue)", "format",
                    "must have \(name.minimum) to 1000 characters of visible ASCII")
            }
        }
    }

    /// What is sealed.
    var json: JSONObject {
        JSONObject(Name.allCases.compactMap { name in values[name].map { (name.rawValue, .string($0)) } })
    }

    init(json: JSONObject) {
        values = [:]
        for name in Name.allCases { values[name] = json[name.rawValue]?.stringValue }
    }
}

/// A channel with its secrets, for the company's own work.
public struct OpenedChannel: Sendable, Hashable {
    /// The channel.
    public let channel: Channel
    /// Its secrets.
    public let secrets: ChannelSecrets
    /// The company's own scope, which whoever opened the channel acts in.
    public var scope: TenantScope { .forJob(companyId: channel.companyId) }
}
