import ArgumentParser
import Configuration
import Crypto
import Foundation
import Logging

/// `switchboard openapi`
struct OpenAPICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openapi", abstract: "Print the OpenAPI 3.1 document; no store is needed.")

    func run() async throws {
        // Nothing is connected to: the routes are only asked for their description.
        let key = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0).base64EncodedString() }
        let settings = try Settings(
            reader: ConfigReader(
                provider: EnvironmentVariablesProvider(environmentVariables: [
                    "DATABASE_URL": "postgres://localhost/none", "MONGODB_URI": "mongodb://localhost/none",
                    "REDIS_URL": "redis://localhost", "JWT_SECRET": key, "ENCRYPTION_KEY": key,
                ])))
        let house = try await House(
            settings, metrics: PrometheusRegistry(), stopping: StoppingFlag(),
            logger: Logger(label: "openapi") { _ in SwiftLogNoOpLogHandler() })
        print(DocumentRoute.document(of: house.routes).encodedString)
    }
}
