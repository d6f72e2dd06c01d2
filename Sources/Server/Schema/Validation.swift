import JSON
import Tenancy

/// What is wrong with one field as clients see it: `{field, code, message}`. The codes are stable words: `required`,
/// `type`, `too_short`, `too_long`, `out_of_range`, `format`, `not_allowed`, `not_found`, `taken`.
extension FieldError: JSONEncodable {
    /// Writes the three members.
    public func encode(into writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("field", field)
            writer.field("code", code)
            writer.field("message", message)
        }
    }
}

extension Schema {
    /// Appends what is wrong with `value` to `errors`, all of it.
    func check(_ value: JSONValue, at path: String, into errors: inout [FieldError]) {
        if value.isNull && nullable { return }
        func fail(_ code: String, _ message: String) {
            errors.append(FieldError(path, code, message))
        }
        func mistyped(_ expected: String) {
            fail("type", "must be \(expected)\(nullable ? " or null" : ""), not \(value.typeName)")
        }
        switch kind {
        case .string(let rules):
            guard let text = value.stringValue else { return mistyped("a string") }
            if let (code, message) = rules.fault(in: text) { fail(code, message) }
        case .integer(let range):
            guard let number = value.integerValue else {
                // Whole, and of more than 64 bits.
                guard let number = value.numberValue, number.rounded() == number else { return mistyped("an integer") }
                return fail("out_of_range", "must be from \(range.lowerBound) to \(range.upperBound)")
            }
            if !range.contains(number) {
                fail("out_of_range", "must be from \(range.lowerBound) to \(range.upperBound)")
            }
        case .oneOf(let numbers):
            guard value.numberValue != nil || value.integerValue != nil else { return mistyped("an integer") }
            if !numbers.contains(where: { $0 == value.integerValue }) {
                fail("not_allowed", "must be \(numbers.map(String.init).joined(separator: " or "))")
            }
        case .number(let range):
            guard let number = value.numberValue else { return mistyped("a number") }
            if !range.contains(number) {
                fail("out_of_range", "must be from \(range.lowerBound) to \(range.upperBound)")
            }
        case .boolean:
            if value.boolValue == nil { mistyped("true or false") }
        case .object(let fields):
            if let short = shortField(of: fields), value.stringValue != nil {
                return short.schema.check(value, at: path, into: &errors)
            }
            guard let object = value.objectValue else {
                return mistyped(shorthand == nil ? "an object" : "an object or a string")
            }
            for field in fields { field.check(in: object, below: path, into: &errors) }
        case .freeObject(let maximumBytes):
            guard value.objectValue != nil else { return mistyped("an object") }
            if value.encoded.count > maximumBytes { fail("too_long", "must be at most \(maximumBytes) bytes of JSON") }
        case .array(let element, let count):
            guard let elements = value.arrayValue else { return mistyped("an array") }
            guard count.contains(elements.count) else {
                return fail("out_of_range", "must have from \(count.lowerBound) to \(count.upperBound) elements")
            }
            for (index, item) in elements.enumerated() { element.check(item, at: "\(path)[\(index)]", into: &errors) }
        case .any(let maximumBytes):
            if value.encoded.count > maximumBytes { fail("too_long", "must be at most \(maximumBytes) bytes of JSON") }
        case .reference(let name):
            preconditionFailure("\(name): a component describes answers; bodies are checked by their own schema")
        }
    }
}

extension Schema {
    /// The field whose text may stand for the whole object.
    func shortField(of fields: [Field]) -> Field? { shorthand.flatMap { name in fields.first { $0.name == name } } }
}

extension Field {
    /// Checks the field of that name in `object`.
    func check(in object: JSONObject, below parent: String, into errors: inout [FieldError]) {
        let path = parent.isEmpty ? name : "\(parent).\(name)"
        guard let value = object[name] else {
            if isRequired { errors.append(FieldError(path, "required", "is required")) }
            return
        }
        schema.check(value, at: path, into: &errors)
    }
}

extension TextRules {
    /// The first rule that `text` breaks.
    func fault(in text: String) -> (code: String, message: String)? {
        if let words, !words.contains(text) {
            return ("not_allowed", "must be one of \(words.joined(separator: ", "))")
        }
        if let maximumBytes, text.utf8.count > maximumBytes {
            return ("too_long", "must be at most \(maximumBytes) bytes in UTF-8")
        }
        // A string never has more scalars than bytes: counting is needed only when the bytes are too many.
        if text.utf8.count > length.upperBound, text.unicodeScalars.count > length.upperBound {
            return ("too_long", "must be at most \(length.upperBound) characters")
        }
        if length.lowerBound > 0, text.unicodeScalars.count < length.lowerBound {
            return text.isEmpty
                ? ("too_short", "must not be empty") : ("too_short", "must be at least \(length.lowerBound) characters")
        }
        if mustNotBeBlank, text.allSatisfy(\.isWhitespace) { return ("too_short", "must not be blank") }
        if let format, !format.accepts(text) { return ("format", "must be \(format.expectation)") }
        return nil
    }
}
