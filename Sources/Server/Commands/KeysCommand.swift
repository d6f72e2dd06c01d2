import ArgumentParser
import Crypto
import Foundation
import JSON
import Logging
import Tenancy

/// `switchboard keys`
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "API keys of a company, and secrets for this server.",
        subcommands: [List.self, Create.self, Revoke.self, Secret.self])

    struct Company: ParsableArguments {
        @Option(
            help: "The company's id.",
            transform: { text in
                guard let id = UUID(strict: text) else { throw ValidationError("\(text) is not a company's id.") }
                return id
            })
        var company: UUID
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the keys of a company.")
        @OptionGroup var company: Company

        func run() async throws {
            try await withKeys(of: company) { keys, scope in
                var page = PageRequest(limit: 200)
                repeat {
                    let list = try await keys.list(scope, page: page)
                    for key in list.items {
                        let scopes = key.scopes.map(\.rawValue).joined(separator: ",")
                        print("\(key.id.lowercased)  \(key.prefix)…  \(key.name)  \(scopes)")
                    }
                    guard let cursor = list.nextCursor else { break }
                    page = PageRequest(limit: 200, cursor: cursor)
                } while true
            }
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a key and print its secret, this once.")
        @OptionGroup var company: Company
        @Option(help: "What the key is for.") var name: String
        @Option(help: "Comma-separated scopes, such as conversations:read,conversations:write; all without it.")
        var scopes: String?

        func run() async throws {
            let words = scopes.map { $0.split(separator: ",").map(String.init) } ?? Permission.allCases.map(\.rawValue)
            let permissions = try words.map { word in
                guard let permission = Permission(rawValue: word) else {
                    let known = Permission.allCases.map(\.rawValue).joined(separator: ", ")
                    throw ValidationError("\(word) is not a scope. There are: \(known).")
                }
                return permission
            }
            try await withKeys(of: company) { keys, scope in
                let key = try await keys.create(scope, APIKeyDraft(name: name, scopes: Set(permissions)))
                print(key.secret)
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Revoke a key.")
        @OptionGroup var company: Company
        @Argument(help: "The key's id.") var id: String

        func run() async throws {
            guard let id = UUID(strict: id) else { throw ValidationError("\(id) is not a key's id.") }
            try await withKeys(of: company) { keys, scope in try await keys.revoke(scope, id) }
        }
    }

    struct Secret: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print 32 random bytes in base64, good for JWT_SECRET and ENCRYPTION_KEY.")

        func run() { print(SymmetricKey(size: .bits256).withUnsafeBytes { Data($0).base64EncodedString() }) }
    }
}

/// Lends the key store of one company to a command.
private func withKeys(
    of company: KeysCommand.Company, _ body: (APIKeyStore, TenantScope) async throws -> Void
) async throws {
    let settings = try await CommandStart.settings()
    let stores = try Stores(settings.stores, logger: Logger(label: "switchboard.keys"))
    do {
        try await body(APIKeyStore(stores.postgres), TenantScope.forJob(companyId: company.company))
        await stores.shutdown()
    } catch {
        await stores.shutdown()
        throw error
    }
}
