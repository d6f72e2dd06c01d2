import JSON

/// Checks arguments against a JSON Schema that somebody else wrote: types, members, enumerations, lengths and bounds. What
/// it does not know (references, combinations, patterns) it lets pass; the tool's own server has the last word.
enum ForeignSchema {
    static let maximumBytes = 64 * 1_024
    private static let maximumDepth = 32

    static func check(_ arguments: JSONObject, _ schema: JSONObject) throws(ToolError) {
        guard arguments.encoded.count <= maximumBytes else {
            throw .invalidArguments("the arguments have more than \(maximumBytes) bytes")
        }
        try check(.object(arguments), schema, "", 0)
    }

    private static func check(
        _ value: JSONValue, _ schema: JSONObject, _ place: String, _ depth: Int
    ) throws(ToolError) {
        guard depth < maximumDepth else { return }
        let name = place.isEmpty ? "the arguments" : String(place.prefix(200))
        let types = schema["type"]?.stringValue.map { [$0] } ?? schema["type"]?.arrayValue?.compactMap(\.stringValue)
        if let types, !types.contains(where: { fits(value, $0) }) {
            throw .invalidArguments("\(name) must be of the type \(types.joined(separator: " or ").prefix(100))")
        }
        if let allowed = schema["enum"]?.arrayValue, !allowed.contains(value) {
            throw .invalidArguments("\(name) must be one of the words that the tool lists")
        }
        if let constant = schema["const"], constant != value {
            throw .invalidArguments("\(name) must be what the tool says")
        }
        try checkBounds(value, schema, name)
        if let members = value.objectValue { try checkMembers(members, schema, place, depth) }
        if let elements = value.arrayValue, let items = schema["items"]?.objectValue {
            for (index, element) in elements.enumerated() { try check(element, items, "\(place)[\(index)]", depth + 1) }
        }
    }

    private static func checkMembers(
        _ members: JSONObject, _ schema: JSONObject, _ place: String, _ depth: Int
    ) throws(ToolError) {
        func path(_ name: String) -> String { place.isEmpty ? name : "\(place).\(name)" }
        let properties = schema["properties"]?.objectValue ?? [:]
        for name in schema["required"]?.arrayValue?.compactMap(\.stringValue) ?? [] where members[name] == nil {
            throw .invalidArguments("\(path(name).prefix(200)) is missing")
        }
        let isClosed = schema["additionalProperties"] == .bool(false) && schema["patternProperties"] == nil
        for (name, value) in members {
            if let property = properties[name] {
                if let schema = property.objectValue { try check(value, schema, path(name), depth + 1) }
            } else if isClosed {
                throw .invalidArguments("there is no parameter \"\(path(name).prefix(64))\"")
            }
        }
    }

    private static func checkBounds(_ value: JSONValue, _ schema: JSONObject, _ name: String) throws(ToolError) {
        let size: Int? =
            switch value {
            case .string(let text): text.unicodeScalars.count
            case .array(let elements): elements.count
            default: nil
            }
        if let size {
            let words = value.stringValue == nil ? ("minItems", "maxItems") : ("minLength", "maxLength")
            if let least = schema[words.0]?.integerValue, size < least {
                throw .invalidArguments("\(name) must have at least \(least)")
            }
            if let most = schema[words.1]?.integerValue, size > most {
                throw .invalidArguments("\(name) must have at most \(most)")
            }
        }
        guard let number = value.numberValue else { return }
        if let least = schema["minimum"]?.numberValue, number < least {
            throw .invalidArguments("\(name) must be at least \(least)")
        }
        if let most = schema["maximum"]?.numberValue, number > most {
            throw .invalidArguments("\(name) must be at most \(most)")
        }
    }

    private static func fits(_ value: JSONValue, _ type: String) -> Bool {
        switch type {
        case "integer": value.integerValue != nil
        case "number": value.numberValue != nil
        default: value.typeName == type
        }
    }
}
