import JSON

/// A product as the catalogue tools return it.
struct CatalogEntry: Sendable, Hashable {
    var id: String
    var name: String
    var description: String
    var sku: String?
    var price: Money

    init?(_ json: JSONValue) {
        guard let id = json["id"]?.stringValue, let name = json["name"]?.stringValue,
            let cents = json["priceCents"]?.integerValue, let currency = json["currency"]?.stringValue
        else { return nil }
        self.id = id
        self.name = name
        description = json["description"]?.stringValue ?? ""
        sku = json["sku"]?.stringValue
        price = Money(cents: cents, currency: currency)
    }

    var option: PendingQuestion.Option { .init(name, id) }

    static func entries(_ json: JSONValue) -> [CatalogEntry] {
        json["products"]?.arrayValue?.compactMap { CatalogEntry($0) } ?? []
    }

    /// The description, at most so many characters, cut between words.
    func shortDescription(_ limit: Int) -> String {
        let text = description.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard text.count > limit else { return text }
        let cut = text.prefix(limit)
        return (cut.lastIndex(of: " ").map { cut[..<$0] } ?? cut) + "…"
    }
}
