import Mongo

extension StoredAnswer {
    /// The answer as bytes to be sealed.
    var encoded: [UInt8] {
        BSONDocument { writer in
            writer.append("status", status)
            writer.append("headers", headers.map { .array([.string($0.name), .string($0.value)]) })
            writer.append("body", .binary(body))
        }.bytes
    }

    init?(encoded bytes: [UInt8]) {
        guard let document = try? BSONDocument(validating: bytes), let status = document.int("status"),
            let body = document.binary("body")
        else { return nil }
        let headers = (document.array("headers") ?? []).compactMap { pair -> Header? in
            guard let pair = pair.arrayValue, pair.count == 2, let name = pair[0].stringValue,
                let value = pair[1].stringValue
            else { return nil }
            return Header(name, value)
        }
        self.init(status: status, headers: headers, body: body)
    }
}
