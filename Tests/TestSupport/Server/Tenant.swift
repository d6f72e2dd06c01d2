import Foundation
public import JSON

/// Somebody who signed up, and the company that was made for them.
public struct Tenant: Sendable {
    /// The API as this person.
    public var api: API
    /// The person's id.
    public let userId: String
    /// The company's id.
    public let companyId: String
    /// The address to sign in with.
    public let email: String
    /// The refresh token that came with the token.
    public let refreshToken: String
    /// The company's publishable key.
    public let widgetKey: String

    /// Every tenant's password.
    public static let password = "correct horse battery"

    fileprivate init(_ api: API, _ answer: API.Answer) throws {
        guard let token = answer["token"].stringValue, let userId = answer["user"]["id"]?.stringValue,
            let email = answer["user"]["email"]?.stringValue, let company = answer["company"]["id"]?.stringValue,
            let refreshToken = answer["refreshToken"].stringValue,
            let widgetKey = answer["company"]["widgetKey"]?.stringValue
        else { throw UnexpectedAnswer(answer) }
        self.api = api.with(token: token)
        self.userId = userId
        self.email = email
        self.refreshToken = refreshToken
        self.widgetKey = widgetKey
        companyId = company
    }
}

/// An answer that a test cannot go on with.
public struct UnexpectedAnswer: Error, CustomStringConvertible {
    private let answer: API.Answer

    /// The answer that came.
    public init(_ answer: API.Answer) { self.answer = answer }

    /// The status and the body.
    public var description: String {
        "unexpected answer \(answer.status): \(String(decoding: answer.bytes, as: UTF8.self))"
    }
}

extension API {
    /// Signs up somebody new, with a company.
    public func register(_ name: String = "Ana") async throws -> Tenant {
        let email = "\(name.lowercased()).\(UUID.v7().lowercased)@example.com"
        return try Tenant(
            self,
            await with(token: nil).post(
                "/api/auth/register",
                ["email": .string(email), "password": .string(Tenant.password), "name": .string(name)]))
    }

    /// Signs in once more, as on another device.
    public func login(_ tenant: Tenant) async throws -> Tenant {
        try Tenant(
            self,
            await with(token: nil).post(
                "/api/auth/login", ["email": .string(tenant.email), "password": .string(Tenant.password)]))
    }
}

extension Tenant {
    /// A new person in this company; their API acts in it.
    public func join(as role: String, name: String = "Joe") async throws -> Tenant {
        var other = try await api.register(name)
        try await api.post("/api/members", ["email": .string(other.email), "role": .string(role)]).expect(201)
        other.api = other.api.with(header: "X-Company-Id", companyId)
        return other
    }

    /// The API by a new key of this company.
    public func key(_ scopes: String...) async throws -> API {
        let answer = try await api.post(
            "/api/api-keys", ["name": "test", "scopes": .array(scopes.map { .string($0) })]
        ).expect(201)
        return api.with(token: answer["key"].stringValue)
    }

    /// The API as a visitor of this company's site.
    public func visitor(_ id: String = UUID.v7().lowercased) async throws -> API {
        let body: JSONValue = ["key": .string(widgetKey), "visitorId": .string(id)]
        let answer = try await api.with(token: nil).post("/api/widget/sessions", body).expect(201)
        return api.with(token: answer["token"].stringValue)
    }
}

extension API.Answer {
    /// This answer.
    ///
    /// - Throws: ``UnexpectedAnswer`` when its status is another.
    @discardableResult
    public func expect(_ status: Int) throws -> API.Answer {
        guard self.status == status else { throw UnexpectedAnswer(self) }
        return self
    }
}
