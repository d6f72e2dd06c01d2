import Testing

@testable import Mongo

@Suite struct MongoConfigurationTests {
    @Test("The database comes from the connection string")
    func database() throws {
        #expect(try MongoConfiguration(uri: "mongodb://h/shop?replicaSet=a").database == "shop")
        #expect(try MongoConfiguration(uri: "mongodb://h").database == "switchboard")
        #expect(try MongoConfiguration(uri: "mongodb://h/?w=1").database == "switchboard")
    }

    @Test(
        "A wrong connection string is refused without showing the password",
        arguments: [
            "", "postgres://h/db", "mongodb://", "mongodb://user:se/cret@h/db", "mongodb://us@er:secret@h:cret/db",
            "mongodb://user:se%zzcret@h/db", "mongodb://h/db\u{0}x",
        ])
    func refused(uri: String) {
        let error = #expect(throws: MongoError.self) { try MongoConfiguration(uri: uri) }
        #expect(error?.code == .configuration)
        #expect(error?.description.contains("cret") == false)
    }

    @Test("Limits are checked and named")
    func limits() {
        let uri = "mongodb://h"
        func refused(_ field: String, _ make: () throws -> MongoConfiguration) {
            let error = #expect(throws: MongoError.self) { try make() }
            #expect(error?.message.hasPrefix(field) == true)
        }
        refused("threads") { try MongoConfiguration(uri: uri, threads: 1) }
        refused("threads") { try MongoConfiguration(uri: uri, threads: 65) }
        refused("queueLimit") { try MongoConfiguration(uri: uri, queueLimit: 0) }
        refused("operationTimeout") { try MongoConfiguration(uri: uri, operationTimeout: .zero) }
        refused("operationTimeout") { try MongoConfiguration(uri: uri, operationTimeout: .seconds(601)) }
        refused("connectTimeout") { try MongoConfiguration(uri: uri, connectTimeout: .seconds(-1)) }
        refused("maximumResultBytes") { try MongoConfiguration(uri: uri, maximumResultBytes: .max) }
    }

    @Test("No way of printing the configuration shows the password")
    func printing() throws {
        let configuration = try MongoConfiguration(uri: "mongodb://user:secret@h/db")
        var text = "\(configuration) \(String(reflecting: configuration))"
        dump(configuration, to: &text)
        #expect(!text.contains("secret"))
    }
}
