public import JSON

/// What arguments a tool takes. It writes itself as JSON Schema for a model, and checks arguments strictly.
public struct ToolSchema: Sendable, Hashable {
    /// What a parameter may be.
    public enum Kind: Sendable, Hashable {
        /// Text of at most so many characters, not empty.
        case text(maximum: Int)
        /// A whole number.
        case integer(ClosedRange<Int>)
        /// True or false.
        case flag
        /// One of these words.
        case choice([String])
        /// Texts: how many at most, and how long each.
        case texts(maximumCount: Int, maximum: Int)
        /// From one to so many `{product, quantity}`: a product's id or sku, and 1 to 100,000 of it.
        case items(maximum: Int)
    }

    /// One parameter.
    public struct Parameter: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// What it may be.
        public var kind: Kind
        /// What it is for, for the model.
        public var description: String
        /// Whether it must be given.
        public var isRequired: Bool

        /// A parameter.
        public init(_ name: String, _ kind: Kind, _ description: String, isRequired: Bool = true) {
            self.name = name
            self.kind = kind
            self.description = description
            self.isRequired = isRequired
        }
    }

    /// One of ``Kind/items(maximum:)``.
    static let item = ToolSchema(
        .init("product", .text(maximum: 100), "The product's id or its sku"),
        .init("quantity", .integer(1...100_000), "How many"))

    /// The parameters in order.
    public var parameters: [Parameter]

    /// A schema that somebody else wrote, instead of parameters.
    private var foreign: JSONObject?

    /// A schema of these parameters and no others.
    public init(_ parameters: Parameter...) { self.parameters = parameters }

    /// A JSON Schema as a tool of somebody else's brings it. Arguments are checked by what is common of it.
    public init(foreign schema: JSONObject) {
        parameters = []
        foreign = schema
    }

    /// The schema as JSON Schema.
    public var json: JSONObject {
        if let foreign { return foreign }
        var properties = JSONObject()
        for parameter in parameters { properties[parameter.name] = .object(parameter.json) }
        return [
            "type": "object", "properties": .object(properties),
            "required": .array(parameters.filter(\.isRequired).map { .string($0.name) }), "additionalProperties": false,
        ]
    }

    /// Checks arguments: every required one is there, all are of their kind, and there are no others.
    /// - Throws: ``ToolError/invalidArguments(_:)`` naming the first parameter that is wrong.
    public func check(_ arguments: JSONObject) throws(ToolError) {
        if let foreign { return try ForeignSchema.check(arguments, foreign) }
        for (name, _) in arguments where !parameters.contains(where: { $0.name == name }) {
            throw .invalidArguments("there is no parameter \"\(name.prefix(64))\"")
        }
        for parameter in parameters {
            guard let value = arguments[parameter.name], !value.isNull else {
                if parameter.isRequired { throw .invalidArguments("\(parameter.name) is missing") }
                continue
            }
            guard parameter.kind.accepts(value) else {
                throw .invalidArguments("\(parameter.name) must be \(parameter.kind.words)")
            }
        }
    }
}

extension ToolSchema.Parameter {
    fileprivate var json: JSONObject {
        var json: JSONObject = ["description": .string(description)]
        switch kind {
        case .text(let maximum):
            json["type"] = "string"
            json["minLength"] = 1
            json["maxLength"] = .integer(Int64(maximum))
        case .integer(let range):
            json["type"] = "integer"
            json["minimum"] = .integer(Int64(range.lowerBound))
            json["maximum"] = .integer(Int64(range.upperBound))
        case .flag: json["type"] = "boolean"
        case .choice(let words):
            json["type"] = "string"
            json["enum"] = .array(words.map { .string($0) })
        case .texts(let count, let maximum):
            json["type"] = "array"
            json["maxItems"] = .integer(Int64(count))
            json["items"] = ["type": "string", "minLength": 1, "maxLength": .integer(Int64(maximum))]
        case .items(let count):
            json["type"] = "array"
            json["minItems"] = 1
            json["maxItems"] = .integer(Int64(count))
            json["items"] = .object(ToolSchema.item.json)
        }
        return json
    }
}

extension ToolSchema.Kind {
    fileprivate func accepts(_ value: JSONValue) -> Bool {
        switch self {
        case .text(let maximum):
            guard let text = value.stringValue else { return false }
            return !text.isEmpty && text.unicodeScalars.count <= maximum
        case .integer(let range): return value.integerValue.flatMap { Int(exactly: $0) }.map(range.contains) ?? false
        case .flag: return value.boolValue != nil
        case .choice(let words): return value.stringValue.map(words.contains) ?? false
        case .texts(let count, let maximum):
            guard let texts = value.arrayValue, texts.count <= count else { return false }
            return texts.allSatisfy { Self.text(maximum: maximum).accepts($0) }
        case .items(let count):
            guard let items = value.arrayValue, (1...count).contains(items.count) else { return false }
            return items.allSatisfy { item in
                guard let members = item.objectValue else { return false }
                do { try ToolSchema.item.check(members) } catch { return false }
                return true
            }
        }
    }

    fileprivate var words: String {
        switch self {
        case .text(let maximum): "text of 1 to \(maximum) characters"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .flag: "true or false"
        case .choice(let words): "one of \(words.joined(separator: ", "))"
        case .texts(let count, let maximum): "a list of at most \(count) texts of 1 to \(maximum) characters"
        case .items(let count): "a list of 1 to \(count) objects {product, quantity}, with a quantity from 1 to 100000"
        }
    }
}
