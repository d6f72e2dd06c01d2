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
                "content": ["application/json": ["schema": body.description(in: .request)]],
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
        case .open: []
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
        list += route.query.map { parameter($0.name, in: "query", $0.schema, $0.summary, required: false) }
        list += route.headers.map { parameter($0.name, in: "header", $0.schema, $0.summary, required: false) }
        if case .open = route.access {
        } else if route.path.hasPrefix("/api") {
            list.append(
                parameter(
                    "X-Company-Id", in: "header", .identifier, "The company to act in, for a person in several.",
                    required: false))
        }
        if route.method == .post {
            list.append(
                parameter(
                    "Idempotency-Key", in: "header", .text(1...255),
                    "The same key and body give the first answer again, for 24 hours.", required: false))
        }
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
                response["content"] = .object([answer.mediaType: ["schema": schema.description(in: .answer)]])
            }
            if route.path.hasPrefix("/api") { response["headers"] = OpenAPIErrors.commonHeaders }
            responses[String(answer.status)] = .object(response)
        }
        for name in OpenAPIErrors.names(for: route) {
            responses[name.status] = ["$ref": .string("#/components/responses/\(name.code.rawValue)")]
        }
        return responses
    }
}
