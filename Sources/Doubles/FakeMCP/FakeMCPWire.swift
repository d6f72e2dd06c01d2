import HTTPTypes
import Hummingbird
import JSON
import NIOCore

/// How the double sends its answers: as JSON or as an event stream.
enum FakeMCPWire {
    static func response(
        _ reply: FakeMCPProtocol.Reply, to request: FakeMCPRequest, _ behaviour: FakeMCPBehaviour
    ) -> Response {
        var headers = HTTPFields()
        if let name = HTTPField.Name("Mcp-Session-Id"), let session = reply.session { headers[name] = session }
        guard let body = reply.body else { return Response(status: .init(code: reply.status), headers: headers) }
        var message: JSONObject = ["jsonrpc": "2.0", "id": request.message["id"] ?? .null]
        message[body.name] = body.value
        let isStream = behaviour.streams && reply.status == 200
        headers[.contentType] = behaviour.mediaType ?? (isStream ? "text/event-stream" : "application/json")
        guard isStream else {
            let bytes = ByteBuffer(bytes: message.encoded)
            return Response(status: .init(code: reply.status), headers: headers, body: ResponseBody(byteBuffer: bytes))
        }
        let answer = message
        return Response(
            status: .ok, headers: headers, body: ResponseBody { try await stream(answer, behaviour, to: &$0) })
    }

    private static func stream(
        _ message: JSONObject, _ behaviour: FakeMCPBehaviour, to writer: inout any ResponseBodyWriter
    ) async throws {
        let end = behaviour.lineEnd
        func event(_ json: JSONObject) -> ByteBuffer {
            ByteBuffer(string: "event: message\(end)data: \(json.encodedString)\(end)\(end)")
        }
        try await writer.write(ByteBuffer(string: ": hello\(end)\(end)"))
        for number in 0..<behaviour.serverRequests {
            try await writer.write(
                event(["jsonrpc": "2.0", "id": .string("s\(number)"), "method": "sampling/createMessage"]))
        }
        var left = behaviour.progress
        while left > 0 || behaviour.neverAnswers {
            left -= 1
            try await writer.write(
                event(["jsonrpc": "2.0", "method": "notifications/progress", "params": ["progress": 1]]))
            try await Task.sleep(for: .milliseconds(50))
        }
        if behaviour.endsStreamEarly {
            try await writer.write(ByteBuffer(string: "data: \(message.encodedString)"))
        } else {
            try await writer.write(event(message))
        }
        try await writer.finish(nil)
    }
}
