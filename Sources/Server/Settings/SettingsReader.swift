import Configuration
import Egress
import Foundation

/// What is wrong with the settings, all of it, for the person who starts the program.
public struct SettingsError: Error, CustomStringConvertible {
    /// One sentence for each wrong or missing setting.
    public let faults: [String]

    /// The faults, a line each.
    public var description: String {
        (["The settings are not right:"] + faults.map { "  - \($0)" }).joined(separator: "\n")
    }
}

/// Reads single settings and gathers what is wrong with them, so that one start names every fault. Values are never
/// part of a message: some are secrets.
struct SettingsReader {
    let reader: ConfigReader
    var faults: [String] = []

    /// The environment variable which `key` is read from: `database.url` is `DATABASE_URL`.
    static func variable(_ key: String) -> String { key.uppercased().replacing(".", with: "_") }

    private func raw(_ key: String, isSecret: Bool = false) -> String? {
        let text = reader.string(forKey: ConfigKey(key.split(separator: ".").map(String.init)), isSecret: isSecret)
        return text.flatMap { $0.isEmpty ? nil : $0 }
    }

    mutating func text(_ key: String, default value: String? = nil, isSecret: Bool = false, expected: String) -> String
    {
        if let text = raw(key, isSecret: isSecret) ?? value { return text }
        faults.append("\(Self.variable(key)) is missing; expected \(expected)")
        return ""
    }

    func optionalText(_ key: String, isSecret: Bool = false) -> String? { raw(key, isSecret: isSecret) }

    mutating func integer(_ key: String, default value: Int, in range: ClosedRange<Int>) -> Int {
        guard let text = raw(key) else { return value }
        if let number = Int(text), range.contains(number) { return number }
        faults.append("\(Self.variable(key)) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        return value
    }

    mutating func flag(_ key: String, default value: Bool) -> Bool {
        guard let text = raw(key)?.lowercased() else { return value }
        switch text {
        case "1", "true", "yes", "on": return true
        case "0", "false", "no", "off": return false
        default:
            faults.append("\(Self.variable(key)) must be true or false")
            return value
        }
    }

    mutating func url(_ key: String, default value: String? = nil, schemes: [String], isSecret: Bool = true) -> String {
        let expected = "an address that begins with " + schemes.map { "\($0)://" }.joined(separator: " or ")
        let text = text(key, default: value, isSecret: isSecret, expected: expected)
        if !text.isEmpty, !schemes.contains(where: { text.hasPrefix("\($0)://") }) {
            faults.append("\(Self.variable(key)) must be \(expected)")
        }
        return text
    }

    func list(_ key: String) -> [String] {
        (raw(key) ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    /// The rules for connections to addresses that companies gave.
    mutating func egress() -> EgressRules {
        do {
            return try EgressRules(allowing: list("egress.allow"))
        } catch {
            faults.append("EGRESS_ALLOW: \(error.message)")
            return .strict
        }
    }

    /// Ends the reading.
    ///
    /// - Throws: ``SettingsError`` when anything was wrong.
    func finish() throws(SettingsError) {
        guard faults.isEmpty else { throw SettingsError(faults: faults) }
    }
}
