/// What a PATCH says about one field.
public enum FieldChange<Value: Sendable & Hashable>: Sendable, Hashable {
    /// The field was not given and stays.
    case keep
    /// The field becomes this; for optional fields `nil` clears it.
    case set(Value)

    /// Changes `value` when there is something to change.
    func apply(to value: inout Value) {
        if case .set(let new) = self { value = new }
    }
}
