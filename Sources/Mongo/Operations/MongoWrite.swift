/// One write of a bulk.
public enum MongoWrite: Sendable, Hashable {
    /// Adds a document. Give it an `_id`; otherwise the driver makes one.
    case insert(BSONDocument)
    /// Changes the first document that matches, by update operators such as `$set`.
    case updateOne(filter: BSONDocument, update: BSONDocument, upsert: Bool = false)
    /// Changes all documents that match.
    case updateMany(filter: BSONDocument, update: BSONDocument, upsert: Bool = false)
    /// Removes the first document that matches.
    case deleteOne(filter: BSONDocument)
    /// Removes all documents that match.
    case deleteMany(filter: BSONDocument)
}

/// What a bulk did.
public struct MongoBulkResult: Sendable, Hashable {
    /// Documents added.
    public var inserted = 0
    /// Documents that matched an update.
    public var matched = 0
    /// Documents an update changed.
    public var modified = 0
    /// Documents removed.
    public var deleted = 0
    /// Documents added by an upsert.
    public var upserted = 0
    /// The writes that failed, by their place in the bulk. An ordered bulk stops at the first.
    public var writeErrors: [MongoWriteError] = []

    /// Nothing done.
    public init() {}
}

/// Why one write of a bulk failed.
public struct MongoWriteError: Error, Sendable, Hashable {
    /// The write's place in the bulk, from 0.
    public let index: Int
    /// The server's error code.
    public let code: Int32
    /// What the server said, without values of the document.
    public let message: String
    /// The violated unique index, when this is a duplicate key and its name is known.
    public let duplicateIndex: String?

    /// Whether a unique index already has this key.
    public var isDuplicateKey: Bool { ServerCode.isDuplicateKey(code) }

    init(_ document: BSONDocument) {
        let text = document.string("errmsg") ?? ""
        code = Int32(truncatingIfNeeded: document.int64("code") ?? 0)
        index = document.int("index") ?? 0
        let isDuplicate = ServerCode.isDuplicateKey(code)
        duplicateIndex = isDuplicate ? ServerCode.duplicateIndex(in: text) : nil
        message =
            isDuplicate
            ? ServerCode.withoutValues(text)
            : code == ServerCode.validation
                ? ServerCode.validationMessage(text, document.document("errInfo")) : text
    }

    /// The same as an error of a single write.
    var asError: MongoError {
        if isDuplicateKey { return MongoError(.duplicateKey(index: duplicateIndex), message) }
        return MongoError(code == ServerCode.validation ? .validation : .server(code: code), message)
    }
}
