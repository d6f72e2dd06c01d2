import Foundation
import JSON
import Tenancy

/// A parameter of a query or a header that a route reads.
struct QueryParameter: Sendable {
    let name: String
    let schema: Schema
    let summary: String
    let isRequired: Bool

    init(_ name: String, _ schema: Schema, _ summary: String, isRequired: Bool = false) {
        self.name = name
        self.schema = schema
        self.summary = summary
        self.isRequired = isRequired
    }

    /// `limit` and `cursor`, which every list takes.
    static let page = [
        QueryParameter("limit", .integer(1...200), "How many rows at most; 50 without it."),
        QueryParameter("cursor", .text(1...1024), "`nextCursor` of the page before."),
    ]

    /// Reads `parameters` out of a query; what is not declared is ignored.
    ///
    /// - Throws: ``Problem`` with every fault found.
    static func read(
        _ parameters: [QueryParameter], from query: [(name: String, value: String)]
    ) throws(Problem) -> Input {
        var object = JSONObject()
        var errors: [FieldError] = []
        for parameter in parameters {
            let values = query.filter { $0.name == parameter.name }.map(\.value)
            guard let text = values.first else {
                if parameter.isRequired { errors.append(FieldError(parameter.name, "required", "is required")) }
                continue
            }
            guard values.count == 1 else {
                errors.append(FieldError(parameter.name, "not_allowed", "must be given once"))
                continue
            }
            guard !text.utf8.contains(0) else {
                errors.append(FieldError(parameter.name, "format", "must not hold U+0000"))
                continue
            }
            let value = parameter.schema.value(fromText: text)
            parameter.schema.check(value, at: parameter.name, into: &errors)
            object[parameter.name] = value
        }
        guard errors.isEmpty else { throw .invalid(errors) }
        return Input(object)
    }
}

extension Schema {
    /// The JSON value which `text` of a query stands for.
    fileprivate func value(fromText text: String) -> JSONValue {
        switch kind {
        case .integer, .oneOf: Int64(text).map { .integer($0) } ?? .string(text)
        case .number: Double(text).map { .number($0) } ?? .string(text)
        case .boolean: text == "true" ? true : text == "false" ? false : .string(text)
        default: .string(text)
        }
    }
}
