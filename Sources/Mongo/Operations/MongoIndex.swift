/// An index of a collection.
public struct MongoIndex: Sendable, Hashable {
    /// The index's name, unique in its collection; what a duplicate key error names.
    public var name: String
    /// The fields with 1, -1 or a kind such as `"text"`, in order.
    public var keys: BSONDocument
    /// Whether two documents may not have the same key.
    public var isUnique: Bool
    /// Only documents that match this are indexed.
    public var partialFilter: BSONDocument?
    /// Documents are removed this long after the date in the only key; whole seconds.
    public var expireAfter: Duration?

    /// An index by name and keys.
    public init(
        _ name: String, _ keys: BSONDocument, isUnique: Bool = false, partialFilter: BSONDocument? = nil,
        expireAfter: Duration? = nil
    ) {
        self.name = name
        self.keys = keys
        self.isUnique = isUnique
        self.partialFilter = partialFilter
        self.expireAfter = expireAfter
    }

    var document: BSONDocument {
        BSONDocument { writer in
            writer.append("name", name)
            writer.append("key", keys)
            if isUnique { writer.append("unique", true) }
            writer.append("partialFilterExpression", ifPresent: partialFilter)
            if let expireAfter { writer.append("expireAfterSeconds", expireAfter.components.seconds) }
        }
    }
}
