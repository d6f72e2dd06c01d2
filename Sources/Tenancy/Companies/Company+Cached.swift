import Foundation
public import JSON

extension Company {
    /// Reads what `encode(into:)` wrote, with the version beside it, for caches; `nil` for anything else.
    public init?(cached value: JSONValue) {
        guard let row = value["company"], let version = value["version"]?.integerValue,
            let id = row["id"]?.stringValue.flatMap({ UUID(strict: $0) }), let name = row["name"]?.stringValue,
            let active = row["active"]?.boolValue, let widgetKey = row["widgetKey"]?.stringValue,
            let plan = row["subscriptionPlan"]?.stringValue.flatMap(SubscriptionPlan.init(rawValue:)),
            let status = row["subscriptionStatus"]?.stringValue.flatMap(SubscriptionStatus.init(rawValue:)),
            let settings = row["settings"]?.objectValue,
            let createdAt = row["createdAt"]?.stringValue.flatMap({ Timestamp.parse($0) }),
            let updatedAt = row["updatedAt"]?.stringValue.flatMap({ Timestamp.parse($0) })
        else { return nil }
        self.init(
            id: id, name: name, industry: row["industry"]?.stringValue,
            brandPersonality: row["brandPersonality"]?.stringValue, active: active, subscriptionPlan: plan,
            subscriptionStatus: status, widgetKey: widgetKey, settings: CompanySettings(settings),
            createdAt: createdAt, updatedAt: updatedAt, version: Int(version))
    }

    /// What ``init(cached:)`` reads.
    public var cacheable: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("company", self)
            writer.field("version", version)
        }
        return writer.bytes
    }
}
