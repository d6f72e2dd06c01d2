import Foundation
public import JSON

extension CompanyAgentRows {
    /// What ``init(cached:)`` reads.
    public var cacheable: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("own", own.map(Stored.init))
            writer.field("builtIn", builtIn.map(StoredSettings.init))
        }
        return writer.bytes
    }

    /// Reads what ``cacheable`` wrote, for caches; `nil` for anything else.
    public init?(cached value: JSONValue) {
        guard let own = value["own"]?.arrayValue, let builtIn = value["builtIn"]?.arrayValue else { return nil }
        let definitions = own.compactMap { AgentDefinition(cached: $0) }
        let settings = builtIn.compactMap { BuiltInSettings(cached: $0) }
        // Half a list would hide an agent, and half the settings would switch one on.
        guard definitions.count == own.count, settings.count == builtIn.count else { return nil }
        self.init(own: definitions, builtIn: settings)
    }
}

private struct Stored: JSONEncodable {
    let definition: AgentDefinition

    func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("id", definition.id)
            $0.field("content", definition.content)
            $0.field("createdAt", definition.createdAt)
            $0.field("updatedAt", definition.updatedAt)
            $0.field("version", definition.version)
        }
    }
}

private struct StoredSettings: JSONEncodable {
    let settings: BuiltInSettings

    func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("name", settings.name)
            $0.field("active", settings.active)
            $0.field("instructions", settings.instructions)
            $0.field("model", settings.model)
            $0.field("temperature", settings.temperature)
            $0.field("version", settings.version)
        }
    }
}

extension AgentDefinition {
    fileprivate init?(cached json: JSONValue) {
        guard let id = json["id"]?.stringValue.flatMap({ UUID(strict: $0) }),
            let content = json["content"].flatMap({ AgentDraft($0) }),
            let createdAt = json["createdAt"]?.stringValue.flatMap({ Timestamp.parse($0) }),
            let updatedAt = json["updatedAt"]?.stringValue.flatMap({ Timestamp.parse($0) }),
            let version = json["version"]?.integerValue
        else { return nil }
        self.init(id: id, content: content, createdAt: createdAt, updatedAt: updatedAt, version: Int(version))
    }
}

extension BuiltInSettings {
    fileprivate init?(cached json: JSONValue) {
        guard let name = json["name"]?.stringValue, let active = json["active"]?.boolValue,
            let instructions = json["instructions"]?.stringValue, let version = json["version"]?.integerValue
        else { return nil }
        self.init(
            name: name, active: active, instructions: instructions, model: json["model"]?.stringValue,
            temperature: json["temperature"]?.numberValue, version: Int(version))
    }
}
