import JSON
import Tenancy
import Testing

@testable import Server

@Suite struct DocumentTests {
    @Test func examplesFitTheirSchemas() throws {
        for (name, schema) in Components.all {
            let missing = missingReferences(schema.description(in: .answer))
            #expect(missing == [], "\(name) refers to \(missing)")
            guard case .object(let fields) = schema.kind else { continue }
            for field in fields {
                // References are checked under their own names.
                if case .reference = field.schema.kind { continue }
                if missingReferences(field.schema.description(in: .answer)).isEmpty, holdsReference(field.schema) {
                    continue
                }
                var errors: [FieldError] = []
                field.schema.check(field.schema.sample(in: .answer, field: field.name), at: field.name, into: &errors)
                #expect(errors.map(\.message) == [], "\(name).\(field.name)")
            }
        }
    }

    @Test func nullableTextWithAFormIsEitherOr() {
        let schema = Schema.text(format: .email).orNull.description(in: .request)
        #expect(schema == ["anyOf": [["type": "string", "format": "email"], ["type": "null"]]])
        #expect(Schema.text(1...5).orNull.description(in: .request)["type"] == ["string", "null"])
    }

    private func holdsReference(_ schema: Schema) -> Bool {
        switch schema.kind {
        case .reference: true
        case .array(let element, _): holdsReference(element)
        case .object(let fields): fields.contains { holdsReference($0.schema) }
        default: false
        }
    }

    /// The components which `value` refers to and which are not there.
    private func missingReferences(_ value: JSONValue) -> [String] {
        if let name = value["$ref"]?.stringValue {
            let known = Components.all.map { "#/components/schemas/\($0.name)" }
            return known.contains(name) ? [] : [name]
        }
        let inner = value.arrayValue ?? value.objectValue?.map(\.value) ?? []
        return inner.flatMap { missingReferences($0) }
    }
}
