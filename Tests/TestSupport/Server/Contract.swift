import Foundation
import JSON

/// Holds answers to the OpenAPI document: status, media type and every field, with a validator of its own, so that
/// a mistake in the server's schemas cannot hide itself.
public struct Contract: Sendable {
    let document: JSONValue

    /// The contract which `document` states.
    public init(document: JSONValue) { self.document = document }

    /// What is wrong with an answer; empty when nothing is.
    public func faults(
        method: String, path: String, status: Int, contentType: String?, body: [UInt8]
    ) -> [String] {
        guard path.hasPrefix("/api/") else { return [] }
        guard let operation = operation(method == "HEAD" ? "GET" : method, path) else {
            return status == 404 || status == 405 ? [] : ["\(method) \(path) is not in the document"]
        }
        guard let response = operation["responses"]?[String(status)].map(resolved) else {
            return status == 304 || status == 405 ? [] : ["\(method) \(path): status \(status) is not in the document"]
        }
        if method == "HEAD" { return body.isEmpty ? [] : ["\(method) \(path) \(status): a body"] }
        guard let content = response["content"]?.objectValue else {
            return body.isEmpty ? [] : ["\(method) \(path) \(status): a body which the document does not have"]
        }
        let type = contentType.map { String($0.split(separator: ";")[0]) } ?? ""
        guard let schema = content[type]?["schema"] else {
            return ["\(method) \(path) \(status): media type \(type) is not in the document"]
        }
        guard type.hasSuffix("json") else { return [] }
        guard let value = try? JSONValue.parse(body) else { return ["\(method) \(path) \(status): not JSON"] }
        return faults(value, schema, at: "\(method) \(path) \(status) $")
    }

    private func operation(_ method: String, _ path: String) -> JSONValue? {
        let parts = path.split(separator: "?")[0].split(separator: "/")
        let matches = document["paths"]?.objectValue?.filter { template, _ in
            let names = template.split(separator: "/")
            return names.count == parts.count && zip(names, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }
        // A path without parameters wins over one with.
        let best = matches?.min { $0.key.count { $0 == "{" } < $1.key.count { $0 == "{" } }
        return best?.value[method.lowercased()]
    }

    private func resolved(_ value: JSONValue) -> JSONValue {
        guard let reference = value["$ref"]?.stringValue else { return value }
        var found: JSONValue? = document
        for name in reference.dropFirst(2).split(separator: "/") { found = found?[String(name)] }
        return found ?? .null
    }

    private func faults(_ value: JSONValue, _ schema: JSONValue, at place: String) -> [String] {
        let schema = resolved(schema)
        if let options = schema["anyOf"]?.arrayValue {
            return options.contains { self.faults(value, $0, at: place).isEmpty } ? [] : ["\(place) fits none of anyOf"]
        }
        var faults: [String] = []
        if let type = schema["type"] {
            let allowed = type.arrayValue ?? [type]
            let names = [value.typeName] + (value.typeName == "integer" ? ["number"] : [])
            guard allowed.contains(where: { names.contains($0.stringValue ?? "") }) else {
                return ["\(place) is \(value.typeName), expected \(type.encodedString)"]
            }
        }
        if value.isNull { return [] }
        if let words = schema["enum"]?.arrayValue, !words.contains(value) {
            faults.append("\(place) is not one of \(words.map(\.encodedString))")
        }
        if let text = value.stringValue {
            switch schema["format"]?.stringValue {
            case "uuid" where UUID(strict: text) == nil: faults.append("\(place) is not an id")
            case "date-time" where Timestamp.parse(text) == nil: faults.append("\(place) is not a time")
            default: break
            }
        }
        if let number = value.numberValue {
            if let least = schema["minimum"]?.numberValue, number < least {
                faults.append("\(place) is below \(least)")
            }
            if let most = schema["maximum"]?.numberValue, number > most { faults.append("\(place) is above \(most)") }
        }
        for name in schema["required"]?.arrayValue?.compactMap(\.stringValue) ?? [] where value[name] == nil {
            faults.append("\(place).\(name) is missing")
        }
        for (name, property) in schema["properties"]?.objectValue ?? [:] {
            if let member = value[name] { faults += self.faults(member, property, at: "\(place).\(name)") }
        }
        if let items = schema["items"], let elements = value.arrayValue {
            for (index, element) in elements.enumerated() {
                faults += self.faults(element, items, at: "\(place)[\(index)]")
            }
        }
        return faults
    }
}
