import Foundation
public import JSON

extension Identity: JSONEncodable {
    /// Writes what ``init(cached:)`` reads. It is for caches and contains no secret.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            switch kind {
            case .person(let userId, let sessionId, let companyId, let role):
                $0.field("kind", "person")
                $0.field("user", userId)
                $0.field("session", sessionId)
                $0.field("company", companyId)
                $0.field("role", role?.rawValue)
                $0.field("name", name)
            case .apiKey(let id, let companyId, let permissions):
                $0.field("kind", "apiKey")
                $0.field("key", id)
                $0.field("company", companyId)
                $0.field("permissions", permissions.sorted().map(\.rawValue))
            case .visitor(let companyId, let customerId):
                $0.field("kind", "visitor")
                $0.field("company", companyId)
                $0.field("customer", customerId)
            }
            $0.field("plan", plan.rawValue)
            $0.field("subscription", subscription.rawValue)
            $0.field("expiresAt", expiresAt.map { Int64(($0.timeIntervalSince1970 * 1000).rounded(.down)) })
        }
    }

    /// Reads what ``encode(into:)`` wrote; `nil` for anything else, which then has to be looked up again.
    public init?(cached value: JSONValue) {
        guard let plan = value["plan"]?.stringValue.flatMap(SubscriptionPlan.init(rawValue:)),
            let subscription = value["subscription"]?.stringValue.flatMap(SubscriptionStatus.init(rawValue:)),
            let expiry = value["expiresAt"], let kind = Kind(cached: value)
        else { return nil }
        guard expiry.isNull || expiry.integerValue != nil else { return nil }
        self.init(
            kind, name: value["name"]?.stringValue, plan: plan, subscription: subscription,
            expiresAt: expiry.integerValue.map { Date(timeIntervalSince1970: Double($0) / 1000) })
    }
}

extension Identity.Kind {
    fileprivate init?(cached value: JSONValue) {
        func id(_ key: String) -> UUID? { value[key]?.stringValue.flatMap { UUID(strict: $0) } }
        switch value["kind"]?.stringValue {
        case "person":
            guard let userId = id("user"), let sessionId = id("session"), let role = value["role"] else { return nil }
            if role.isNull {
                self = .person(userId: userId, sessionId: sessionId, companyId: id("company"), role: nil)
            } else {
                guard let role = role.stringValue.flatMap(Role.init(rawValue:)), let companyId = id("company") else {
                    return nil
                }
                self = .person(userId: userId, sessionId: sessionId, companyId: companyId, role: role)
            }
        case "apiKey":
            guard let key = id("key"), let companyId = id("company"), let list = value["permissions"]?.arrayValue else {
                return nil
            }
            let permissions = list.compactMap { $0.stringValue.flatMap(Permission.init(rawValue:)) }
            self = .apiKey(id: key, companyId: companyId, permissions: Set(permissions))
        case "visitor":
            guard let companyId = id("company"), let customerId = id("customer") else { return nil }
            self = .visitor(companyId: companyId, customerId: customerId)
        default: return nil
        }
    }
}
