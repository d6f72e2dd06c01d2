import Foundation
import Testing

@testable import Postgres

@Suite struct MigrationFolderTests {
    func folder(_ files: [String: String], _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("migrations-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
        try body(folder.path)
    }

    @Test func filesAreReadInOrder() throws {
        try folder(["0002_more-things.sql": "B", "0001_first.sql": "A", ".hidden": ""]) { path in
            let migrations = try Migration.load(folder: path)
            #expect(migrations.map(\.version) == [1, 2])
            #expect(migrations.map(\.name) == ["first", "more-things"])
            #expect(migrations.map(\.sql) == ["A", "B"])
            #expect(migrations.map(\.fileName) == ["0001_first.sql", "0002_more-things.sql"])
        }
    }

    @Test(arguments: [
        "readme.md", "1_first.sql", "0001.sql", "0001_.sql", "0001_A.sql", "00001_a.sql", "000a_a.sql", "0001_a.sql~",
    ])
    func otherFilesAreAnErrorThatNamesThem(name: String) throws {
        try folder([name: ""]) { path in
            let error = try #require(throws: MigrationError.self) { try Migration.load(folder: path) }
            #expect(error.description.contains(name))
        }
    }

    @Test func gapsAndDoublesAreErrors() throws {
        try folder(["0001_a.sql": "", "0003_c.sql": ""]) { path in
            #expect(throws: MigrationError.badOrder(expected: 2, found: 3)) { try Migration.load(folder: path) }
        }
        try folder(["0001_a.sql": "", "0001_b.sql": ""]) { path in
            #expect(throws: MigrationError.badOrder(expected: 2, found: 1)) { try Migration.load(folder: path) }
        }
    }

    @Test func aMissingFolderIsAnError() {
        #expect(throws: MigrationError.unreadable(folder: "/nowhere")) { try Migration.load(folder: "/nowhere") }
    }
}
