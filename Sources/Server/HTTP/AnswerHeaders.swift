import HTTPTypes

/// The headers of an answer, each name once, in the order in which they came. There are a dozen: looking through them
/// costs less than an index of them.
struct AnswerHeaders: Sendable, ExpressibleByDictionaryLiteral, Sequence {
    struct Field: Sendable {
        let name: HTTPField.Name
        var value: String
    }

    private var fields: [Field]

    init() { fields = [] }

    init(dictionaryLiteral elements: (HTTPField.Name, String)...) {
        fields = elements.map { Field(name: $0.0, value: $0.1) }
    }

    subscript(name: HTTPField.Name) -> String? {
        get { fields.first { $0.name == name }?.value }
        set {
            let place = fields.firstIndex { $0.name == name }
            switch (place, newValue) {
            case (let place?, let value?): fields[place].value = value
            case (let place?, nil): fields.remove(at: place)
            case (nil, let value?): fields.append(Field(name: name, value: value))
            case (nil, nil): break
            }
        }
    }

    func contains(_ name: HTTPField.Name) -> Bool { fields.contains { $0.name == name } }

    /// Adds those of `others` that are not there yet.
    mutating func add(_ others: AnswerHeaders) {
        // With room for those that come later.
        fields.reserveCapacity(fields.count + others.fields.count + 2)
        for field in others.fields where !contains(field.name) { fields.append(field) }
    }

    func makeIterator() -> [Field].Iterator { fields.makeIterator() }
}
