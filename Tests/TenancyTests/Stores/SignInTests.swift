import Foundation
import JSON
import Postgres
import TestSupport
import Testing

@testable import Tenancy

@Suite struct SignInTests {
    @Test func registeringMakesEverything() async throws {
        try await World.with { world in
            let signedIn = try await world.signIn.register(
                Registration(email: "Ana@Example.com", password: "correct horse", name: "Ana", username: "ana"),
                device: Device(userAgent: "curl", ip: "10.0.0.1"))
            #expect(signedIn.user.email == "ana@example.com")
            #expect(signedIn.company?.name == "Ana's company")
            #expect(signedIn.company?.subscriptionPlan == .free)
            #expect(signedIn.company?.widgetKey.hasPrefix("sb_pub_") == true)
            #expect(signedIn.company?.settings.widgetAgent == "sales")
            let scope = try await world.scope(signedIn)
            #expect(scope.role == .owner)
            #expect(try await world.subscriptions.get(scope).limits == PlanTable.standard.limits(.free))
            let devices = try await world.sessions.list(of: signedIn.user.id, current: signedIn.sessionId)
            #expect(devices.map(\.userAgent) == ["curl"] && devices.map(\.current) == [true])
            let json = signedIn.encodedString
            for key in ["user", "company", "token", "expiresAt", "refreshToken"] {
                #expect(json.contains("\"\(key)\":"))
            }
            #expect(!json.contains("$2b$"))
        }
    }

    @Test func twentyAtOnceAndOneIsFirst() async throws {
        try await World.with { world in
            let results = await concurrently(20) { index in
                let email = index % 2 == 0 ? "same@example.com" : "SAME@EXAMPLE.COM"
                return try await world.signIn.register(Registration(email: email, password: "correct horse"))
            }
            #expect(results.compactMap(\.value).count == 1)
            #expect(
                results.compactMap { $0.error as? StoreConflict }.map(\.field) == Array(repeating: "email", count: 19))
            // Nothing is left of the others.
            let companies = try await world.database.withClient(owner: true) { owner in
                try await owner.query(
                    "SELECT reltuples FROM pg_class WHERE relname = 'companies'"
                ).count
            }
            #expect(companies == 1)
            let winner = try #require(results.compactMap(\.value).first)
            #expect(try await world.companies.list(of: winner.user.id).items.count == 1)
        }
    }

    @Test func allFaultsOfARegistrationAreTold() async throws {
        try await World.with { world in
            let error = await #expect(throws: InvalidFields.self) {
                try await world.signIn.register(Registration(email: "nobody", password: "short", name: ""))
            }
            #expect(error?.errors.map(\.field) == ["email", "password", "name"])
        }
    }

    @Test func oneAnswerForEveryWrongSignIn() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let email = ana.user.email ?? ""
            let right = try await world.signIn.login(email: email.uppercased(), password: "correct horse")
            #expect(right.user.id == ana.user.id && right.company?.id == ana.scope.companyId)
            try await world.signIn.users.setStatus(ana.user.id, .disabled)
            for (email, password) in [
                (email, "wrong horse"), ("nobody@example.com", "correct horse"), ("no address", "correct horse"),
                (email, "correct horse"), (email, ""), ("", ""), ("nobody", "correct horse"),
            ] {
                await #expect(throws: SignIn.refused) { try await world.signIn.login(email: email, password: password) }
            }
        }
    }

    @Test func aDisabledPersonIsOutAtOnce() async throws {
        try await World.with { world in
            let ana = try await world.register()
            try await world.signIn.users.setStatus(ana.user.id, .disabled)
            await #expect(throws: Unauthenticated.self) { try await world.scope(ana.signedIn) }
            await #expect(throws: Unauthenticated.self) { try await world.refresh(ana.signedIn.refreshToken) }
        }
    }

    @Test func oldHashesAreMadeAnew() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let costly = SignIn(
                world.client, hasher: PasswordHasher(cost: 5), tokens: world.authenticator.tokens,
                secrets: world.secrets)
            _ = try await costly.login(email: ana.user.email ?? "", password: "correct horse")
            let hash = try #require(try await world.signIn.users.passwordHash(of: ana.user.id))
            #expect(BCrypt.cost(of: hash) == 5)
            _ = try await world.signIn.login(email: ana.user.email ?? "", password: "correct horse")
        }
    }

    @Test func aNewPasswordEndsTheOtherSessions() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let email = ana.user.email ?? ""
            let phone = try await world.signIn.login(email: email, password: "correct horse")
            let wrong = await #expect(throws: InvalidFields.self) {
                try await world.signIn.changePassword(
                    ana.user.id, sessionId: phone.sessionId, current: "wrong horse", new: "battery staple")
            }
            #expect(wrong?.errors.first?.field == "currentPassword")
            await #expect(throws: InvalidFields.self) {
                try await world.signIn.changePassword(
                    ana.user.id, sessionId: phone.sessionId, current: "correct horse", new: "short")
            }
            _ = try await world.scope(ana.signedIn)
            try await world.signIn.changePassword(
                ana.user.id, sessionId: phone.sessionId, current: "correct horse", new: "battery staple")
            _ = try await world.scope(phone)
            await #expect(throws: Unauthenticated.self) { try await world.scope(ana.signedIn) }
            await #expect(throws: Unauthenticated.self) { try await world.refresh(ana.signedIn.refreshToken) }
            await #expect(throws: Unauthenticated.self) {
                try await world.signIn.login(email: email, password: "correct horse")
            }
            _ = try await world.signIn.login(email: email, password: "battery staple")
        }
    }

    @Test func loggingOutEndsOneSession() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let phone = try await world.signIn.login(email: ana.user.email ?? "", password: "correct horse")
            try await world.signIn.logout(ana.user.id, sessionId: ana.signedIn.sessionId)
            try await world.signIn.logout(ana.user.id, sessionId: ana.signedIn.sessionId)
            await #expect(throws: Unauthenticated.self) { try await world.scope(ana.signedIn) }
            _ = try await world.scope(phone)
            #expect(try await world.sessions.list(of: ana.user.id).map(\.id) == [phone.sessionId])
        }
    }
}
