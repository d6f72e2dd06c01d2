import JSON

/// What a JSON value has to look like: checks what comes in, and describes itself in the OpenAPI document, so that
/// the two cannot part.
struct Schema: Sendable {
    /// The shapes a value can have.
    indirect enum Kind: Sendable {
        case string(TextRules)
        case integer(ClosedRange<Int64>)
        /// One of these numbers.
        case oneOf([Int64])
        case number(ClosedRange<Double>)
        case boolean
        /// Named fields; others are ignored on the way in.
        case object([Field])
        /// Free keys; the whole value is limited in size.
        case freeObject(maximumBytes: Int)
        case array(Schema, ClosedRange<Int>)
        /// Whatever JSON can hold, limited in size.
        case any(maximumBytes: Int)
        /// A schema of the document's components, by name.
        case reference(String)
    }

    var kind: Kind
    var nullable = false
    var summary: String?
    var example: JSONValue?
    /// The text field of an object by which alone it may be given: `"hi"` for `{"content": "hi"}`.
    var shorthand: String?

    init(_ kind: Kind, nullable: Bool = false) {
        self.kind = kind
        self.nullable = nullable
    }
}

/// One named field of an object.
struct Field: Sendable {
    let name: String
    let schema: Schema
    let isRequired: Bool
}

/// Rules for text.
struct TextRules: Sendable {
    /// Length in Unicode scalars.
    var length: ClosedRange<Int> = 0...10_000
    /// Length in UTF-8 bytes, where the bound is one of bytes.
    var maximumBytes: Int?
    /// White space alone does not count as text.
    var mustNotBeBlank = false
    var format: TextFormat?
    /// When given, exactly these words.
    var words: [String]?
}

extension Schema {
    static func text(
        _ length: ClosedRange<Int> = 0...10_000, maximumBytes: Int? = nil, notBlank: Bool = false,
        format: TextFormat? = nil
    ) -> Schema {
        Schema(
            .string(
                TextRules(length: length, maximumBytes: maximumBytes, mustNotBeBlank: notBlank, format: format)))
    }

    static func words(_ words: [String]) -> Schema { Schema(.string(TextRules(words: words))) }
    static func integer(_ range: ClosedRange<Int64> = .min ... .max) -> Schema { Schema(.integer(range)) }
    static func oneOf(_ numbers: [Int64]) -> Schema { Schema(.oneOf(numbers)) }
    static func number(_ range: ClosedRange<Double>) -> Schema { Schema(.number(range)) }
    static func object(_ fields: [Field]) -> Schema { Schema(.object(fields)) }
    static func array(of element: Schema, count: ClosedRange<Int> = 0...1000) -> Schema {
        Schema(.array(element, count))
    }
    static func reference(_ name: String) -> Schema { Schema(.reference(name)) }

    static var boolean: Schema { Schema(.boolean) }
    static var identifier: Schema { text(36...36, format: .uuid) }
    static var time: Schema { text(format: .dateTime) }
    static var freeObject: Schema { Schema(.freeObject(maximumBytes: 64 * 1024)) }
    static var any: Schema { Schema(.any(maximumBytes: 256 * 1024)) }

    /// This schema, or `null`.
    var orNull: Schema {
        var schema = self
        schema.nullable = true
        return schema
    }

    /// This object, or the text of one of its fields alone.
    func orText(of field: String) -> Schema {
        var schema = self
        schema.shorthand = field
        return schema
    }

    /// This schema with a sentence for readers of the document.
    func described(_ summary: String) -> Schema {
        var schema = self
        schema.summary = summary
        return schema
    }

    /// This schema with an example for readers of the document.
    func example(_ value: JSONValue) -> Schema {
        var schema = self
        schema.example = value
        return schema
    }
}

extension Field {
    static func required(_ name: String, _ schema: Schema) -> Field {
        Field(name: name, schema: schema, isRequired: true)
    }
    static func optional(_ name: String, _ schema: Schema) -> Field {
        Field(name: name, schema: schema, isRequired: false)
    }
}
