import JSON

extension Schema {
    /// Which way a value goes: in answers, every field of an object is there.
    enum Direction {
        case request
        case answer
    }

    /// This schema in JSON Schema 2020-12, as OpenAPI 3.1 uses it.
    func description(in direction: Direction) -> JSONValue {
        var object = JSONObject()
        switch kind {
        case .string(let rules):
            object["type"] = "string"
            rules.describe(into: &object)
        case .integer(let range):
            object["type"] = "integer"
            // Going in, the bounds of 64 bits are bounds, too.
            if direction == .request || range.lowerBound > .min { object["minimum"] = .integer(range.lowerBound) }
            if direction == .request || range.upperBound < .max { object["maximum"] = .integer(range.upperBound) }
        case .oneOf(let numbers):
            object["type"] = "integer"
            object["enum"] = .array(numbers.map { .integer($0) })
        case .number(let range):
            object["type"] = "number"
            if range.lowerBound.isFinite { object["minimum"] = .number(range.lowerBound) }
            if range.upperBound.isFinite { object["maximum"] = .number(range.upperBound) }
        case .boolean: object["type"] = "boolean"
        case .object(let fields):
            object["type"] = "object"
            object["properties"] = .object(JSONObject(fields.map { ($0.name, $0.schema.description(in: direction)) }))
            let required = fields.filter(\.isRequired)
            if !required.isEmpty { object["required"] = .array(required.map { .string($0.name) }) }
            if let short = shortField(of: fields) {
                object = ["anyOf": [.object(object), short.schema.description(in: direction)]]
            }
        case .freeObject:
            object["type"] = "object"
            object["additionalProperties"] = true
        case .array(let element, let count):
            object["type"] = "array"
            object["items"] = element.description(in: direction)
            if direction == .request {
                if count.lowerBound > 0 { object["minItems"] = .integer(Int64(count.lowerBound)) }
                object["maxItems"] = .integer(Int64(count.upperBound))
            }
        case .any: break
        case .reference(let name):
            let reference: JSONValue = ["$ref": .string("#/components/schemas/\(name)")]
            return nullable ? ["anyOf": [reference, ["type": "null"]]] : reference
        }
        if nullable, object["format"] != nil || object["pattern"] != nil {
            // A format says nothing about other types, but tools apply it to strings alone only in a schema of strings.
            object = ["anyOf": [.object(object), ["type": "null"]]]
        } else if nullable, let type = object["type"] {
            object["type"] = [type, "null"]
            if let words = object["enum"]?.arrayValue { object["enum"] = .array(words + [.null]) }
        }
        if let summary { object["description"] = .string(summary) }
        if let example { object["examples"] = [example] }
        return .object(object)
    }
}

extension TextRules {
    fileprivate func describe(into object: inout JSONObject) {
        if let words {
            object["enum"] = .array(words.map { .string($0) })
            return
        }
        if length.lowerBound > 0 { object["minLength"] = .integer(Int64(length.lowerBound)) }
        if length.upperBound < 10_000 { object["maxLength"] = .integer(Int64(length.upperBound)) }
        if let pattern = format?.pattern {
            object["pattern"] = .string(pattern)
        } else if let format {
            object["format"] = .string(format.rawValue)
        } else if mustNotBeBlank {
            object["pattern"] = #"\S"#
        }
    }
}
