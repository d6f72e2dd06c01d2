public import JSON

/// One part of a list.
public struct Page<Item: Sendable>: Sendable {
    /// The items in the list's order.
    public let items: [Item]
    /// Where the next page begins; `nil` when this is the last.
    public let nextCursor: String?

    /// A page of these items.
    public init(items: [Item], nextCursor: String?) {
        self.items = items
        self.nextCursor = nextCursor
    }

    /// Cuts a page out of `rows`, of which one more than `limit` was read to know whether there is a next page.
    init(rows: [Item], limit: Int, cursor: (Item) -> Cursor) {
        items = rows.count > limit ? Array(rows.prefix(limit)) : rows
        nextCursor = rows.count > limit ? items.last.map { cursor($0).text } : nil
    }

    /// The page with every item turned into something else.
    public func map<Other: Sendable>(_ transform: (Item) throws -> Other) rethrows -> Page<Other> {
        Page<Other>(items: try items.map(transform), nextCursor: nextCursor)
    }
}

extension Page: JSONEncodable where Item: JSONEncodable {
    /// Writes `{"data": […], "nextCursor": …}`.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("data", items)
            $0.field("nextCursor", nextCursor)
        }
    }
}
