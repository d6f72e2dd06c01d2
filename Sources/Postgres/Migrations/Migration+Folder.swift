import Foundation

extension Migration {
    /// Reads all steps of a folder, in order. Every file must be called like `0001_name.sql`: four digits and a name of
    /// lower-case letters, digits, `_` and `-`. Hidden files are ignored.
    /// - Throws: `MigrationError`, naming the file.
    public static func load(folder path: String) throws -> [Migration] {
        let folder = URL(fileURLWithPath: path, isDirectory: true)
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path) else {
            throw MigrationError.unreadable(folder: path)
        }
        let migrations = try names.filter { !$0.hasPrefix(".") }.sorted().map { name in
            let (version, title) = try parse(fileName: name)
            guard let data = try? Data(contentsOf: folder.appendingPathComponent(name)),
                let text = String(validating: data, as: UTF8.self)
            else { throw MigrationError.badFile(name: name, reason: "cannot be read as UTF-8 text") }
            return Migration(version: version, name: title, sql: text)
        }
        try checkOrder(migrations)
        return migrations
    }

    static func parse(fileName: String) throws -> (version: Int, name: String) {
        let problem = MigrationError.badFile(name: fileName, reason: "must be called like 0001_name.sql")
        guard fileName.hasSuffix(".sql") else { throw problem }
        let parts = fileName.dropLast(4).split(separator: "_", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count == 4, parts[0].utf8.allSatisfy({ (48...57).contains($0) }),
            let version = Int(parts[0]), !parts[1].isEmpty,
            parts[1].utf8.allSatisfy({ (48...57).contains($0) || (97...122).contains($0) || $0 == 95 || $0 == 45 })
        else { throw problem }
        return (version, String(parts[1]))
    }

    static func checkOrder(_ migrations: [Migration]) throws {
        for (index, migration) in migrations.enumerated() where migration.version != index + 1 {
            throw MigrationError.badOrder(expected: index + 1, found: migration.version)
        }
    }
}
