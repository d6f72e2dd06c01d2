import Foundation
import JSON
import TestSupport
import Testing

/// A company that signed up, with its owner's token.
struct Tenant: Sendable {
    let token: String
    let companyId: String
    let widgetKey: String
    let email: String

    static let password = "correct horse battery"

    /// Signs a new company up.
    init(at port: Int, name: String = "Company") throws {
        email = "\(UUID().uuidString.lowercased())@example.com"
        let wire = try Wire(port: port)
        let reply = try wire.send(
            "POST", "/api/auth/register",
            ["email": .string(email), "password": .string(Self.password), "companyName": .string(name)])
        try #require(reply.status == 201, "register: \(String(decoding: reply.body, as: UTF8.self))")
        token = try #require(reply["token"].stringValue)
        companyId = try #require(reply["company"]["id"]?.stringValue)
        widgetKey = try #require(reply["company"]["widgetKey"]?.stringValue)
    }

    /// Signs the owner in once more.
    /// - Returns: the token of the new session.
    func logIn(_ wire: Wire) throws -> String {
        let reply = try wire.send(
            "POST", "/api/auth/login", ["email": .string(email), "password": .string(Self.password)])
        try #require(reply.status == 200)
        return try #require(reply["token"].stringValue)
    }

    /// Opens a conversation.
    /// - Returns: its id.
    func conversation(at port: Int, title: String = "Load") throws -> String {
        let reply = try Wire(port: port).send(
            "POST", "/api/conversations", token: token, ["title": .string(title), "platform": "web"])
        try #require(reply.status == 201, "conversation: \(String(decoding: reply.body, as: UTF8.self))")
        return try #require(reply["id"].stringValue)
    }

}
