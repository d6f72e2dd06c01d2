import Foundation
import Postgres
import Testing

@testable import Tenancy

@Suite struct ChannelStoreTests {
    static func number() -> ChannelDraft {
        ChannelDraft(
            kind: .whatsapp, name: "Support", address: String(Int.random(in: 1...Int.max)),
            secrets: ChannelSecrets([.accessToken: "token-1", .appSecret: "0123456789abcdef", .verifyToken: "word"]))
    }

    static func mailbox(_ address: String = "help.\(UUID.v7().lowercased)@acme.example") -> ChannelDraft {
        ChannelDraft(
            kind: .email, name: "Mail", address: address,
            secrets: ChannelSecrets([.serverToken: "server-1", .inboundSecret: "0123456789abcdef"]))
    }

    @Test func anAddressBelongsToOneChannelOfTheServer() async throws {
        try await World.with { world in
            let ana = try await world.register("Ana")
            let eve = try await world.register("Eve")
            let draft = Self.number()
            _ = try await world.channels.create(ana.scope, draft)
            for scope in [ana.scope, eve.scope] {
                let conflict = await #expect(throws: StoreConflict.self) {
                    try await world.channels.create(scope, draft)
                }
                #expect(conflict?.field == "address")
            }
            // Whatever the case it is written in.
            _ = try await world.channels.create(ana.scope, Self.mailbox("Help@Acme.example"))
            await #expect(throws: StoreConflict.self) {
                try await world.channels.create(eve.scope, Self.mailbox("help@ACME.example"))
            }
        }
    }

    @Test func secretsOpenForTheCompanysOwnWorkInTheirRowOnly() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let first = try await world.channels.create(ana.scope, Self.number())
            let second = try await world.channels.create(ana.scope, Self.number())
            #expect(!first.encodedString.contains("token-1"))
            await #expect(throws: Forbidden.self) { try await world.channels.opened(ana.scope, first.id) }
            #expect(try await world.channels.opened(ana.worker, first.id)?.secrets[.accessToken] == "token-1")
            _ = try await world.client.query(
                "UPDATE channels SET secrets = (SELECT secrets FROM channels WHERE id = \(first.id)) WHERE id = \(second.id)",
                settings: .company(ana.scope.companyId))
            await #expect(throws: SecretBox.Failure.notAuthentic) {
                try await world.channels.opened(ana.worker, second.id)
            }
        }
    }

    @Test func theNameInAPathOpensOneRowOnly() async throws {
        try await World.with { world in
            let ana = try await world.register("Ana")
            let channel = try await world.channels.create(ana.scope, Self.number())
            let other = try await world.channels.create(ana.scope, Self.number())
            #expect(try await world.channels.presented(channel.id, .whatsapp)?.channel == channel)
            #expect(try await world.channels.presented(channel.id, .email) == nil)
            #expect(try await world.channels.presented(.v7(), .whatsapp) == nil)
            let seen = try await world.client.query(
                "SELECT id FROM channels", settings: .lookup(.channel, channel.id.lowercased))
            #expect(try seen.map { try $0.get("id", as: UUID.self) } == [channel.id])
            var off = ChannelPatch()
            off.enabled = .set(false)
            _ = try await world.channels.update(ana.scope, other.id, off)
            #expect(try await world.channels.presented(other.id, .whatsapp) == nil)
        }
    }

    @Test func everyFaultIsNamedAtOnce() async throws {
        try await World.with { world in
            let ana = try await world.register()
            var draft = Self.number()
            draft.name = ""
            draft.address = "+49 30 1"
            draft.replyAddress = "a@b.example"
            draft.secrets = ChannelSecrets([.appSecret: "short", .serverToken: "s"])
            let error = await #expect(throws: InvalidFields.self) {
                try await world.channels.create(ana.scope, draft)
            }
            #expect(
                Set(error?.errors.map(\.field) ?? []) == [
                    "name", "address", "replyAddress", "secrets.accessToken", "secrets.appSecret",
                    "secrets.verifyToken", "secrets.serverToken",
                ])
            var mail = Self.mailbox("help@acme.example")
            mail.replyAddress = "in+x@acme.example"
            mail.template = Channel.Template(name: "t", language: "en")
            let second = await #expect(throws: InvalidFields.self) {
                try await world.channels.create(ana.scope, mail)
            }
            #expect(Set(second?.errors.map(\.field) ?? []) == ["replyAddress", "template"])
        }
    }

    @Test func aNewSecretLetsAPausedChannelSendAgain() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let channel = try await world.channels.create(ana.scope, Self.number())
            try await world.channels.note(ana.worker, channel.id, error: "190: the token expired", pauses: true)
            let paused = try await world.channels.get(ana.scope, channel.id)
            #expect(paused.status == .paused && paused.lastError == "190: the token expired")
            var rename = ChannelPatch()
            rename.name = .set("Other")
            #expect(try await world.channels.update(ana.scope, channel.id, rename).status == .paused)
            var renewed = ChannelPatch()
            renewed.secrets = ChannelSecrets([.accessToken: "token-2"])
            let active = try await world.channels.update(ana.scope, channel.id, renewed)
            #expect(active.status == .active && active.lastError == nil)
            let opened = try await world.channels.opened(ana.worker, channel.id)
            #expect(opened?.secrets[.accessToken] == "token-2" && opened?.secrets[.verifyToken] == "word")
        }
    }
}
