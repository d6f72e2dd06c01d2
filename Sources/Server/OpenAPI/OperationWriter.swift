import HTTPTypes
import JSON

/// Describes one route as an OpenAPI operation.
struct OperationWriter {
    let route: Route

    var value: JSONValue {
        var operation: JSONObject = [
            "operationId": .string(operationId), "summary": .string(route.summary), "tags": [.string(route.tag)],
            "security": .array(security), "parameters": .array(parameters),
            "responses": .object(responses),
        ]
        if let body = route.body {
            operation["requestBody"] = [
                "required": .bool(!route.bodyIsOptional),
                "content": [
                    "application/json": [
                        "schema": body.description(in: .request), "example": body.sample(in: .request),
                    ]
                ],
            ]
        }
        if let summary = route.rawBody {
            operation["requestBody"] = [
                "required": true, "description": .string(summary),
                "content": ["application/json": ["schema": ["type": "object"], "example": [:]]],
            ]
        }
        return .object(operation)
    }

    /// `getProductsById` from `GET /api/products/{id}`.
    private var operationId: String {
        let words = route.path.split(separator: "/").map { part -> String in
            let isParameter = part.hasPrefix("{")
            let name = part.filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == "." }
            let camel = name.split { "-_.".contains($0) }.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
            return isParameter ? "By" + camel : camel
        }
        return route.method.rawValue.lowercased() + words.joined()
    }

    private var security: [JSONValue] {
        switch route.access {
        case .open, .webhook: []
        case .person: [["user": []]]
        case .company(let permission): [["user": []], ["apiKey": [.string(permission.rawValue)]]]
        case .visitorToo(let permission):
            [["user": []], ["apiKey": [.string(permission.rawValue)]], ["widget": []]]
        }
    }

    private var parameters: [JSONValue] {
        var list: [JSONValue] = route.parameterNames.map { name in
            let schema: Schema = name == "name" ? .text(1...64) : name == "file" ? .text(1...128) : .identifier
            return parameter(name, in: "path", schema, "", required: true)
        }
        list += route.query.map { parameter($0.name, in: "query", $0.schema, $0.summary, required: $0.isRequired) }
        list += route.headers.map { parameter($0.name, in: "header", $0.schema, $0.summary, required: false) }
        list += OpenAPIParameters.names(for: route).map { ["$ref": .string("#/components/parameters/\($0.rawName)")] }
        return list
    }

    private func parameter(
        _ name: String, in place: String, _ schema: Schema, _ summary: String, required: Bool
    ) -> JSONValue {
        var object: JSONObject = [
            "name": .string(name), "in": .string(place), "required": .bool(required),
            "schema": schema.description(in: .request),
        ]
        if !summary.isEmpty { object["description"] = .string(summary) }
        return .object(object)
    }

    private var responses: JSONObject {
        var responses = JSONObject()
        for answer in route.answers {
            var response: JSONObject = ["description": .string(answer.summary)]
            if let schema = answer.schema {
                var content: JSONObject = ["schema": schema.description(in: .answer)]
                if answer.mediaType == "application/json" { content["example"] = schema.sample(in: .answer) }
                response["content"] = .object([answer.mediaType: .object(content)])
            }
            let replayed: [HTTPField.Name] = route.method == .post ? [.idempotencyReplayed] : []
            response["headers"] = OpenAPIHeaders.references(answer.headers + replayed)
            responses[String(answer.status)] = .object(response)
        }
        if route.method == .get, let tagged = route.answers.first(where: { $0.headers.contains(.eTag) }) {
            responses["304"] = [
                "description": "It is what the caller has (`If-None-Match`).",
                "headers": OpenAPIHeaders.references(tagged.headers),
            ]
        }
        for name in OpenAPIErrors.names(for: route) where responses[name.status] == nil {
            responses[name.status] = ["$ref": .string("#/components/responses/\(name.code.rawValue)")]
        }
        return responses
    }
}
