public import JSON

/// A company's settings: an open JSON object in which some keys mean something to the server.
///
/// ```json
/// {"widgetAgent": "sales", "widget": {"color": "#0a7", "greeting": "Hello!", "allowedOrigins": ["https://shop.example"]}}
/// ```
public struct CompanySettings: Sendable, Hashable {
    /// All members, known and free ones.
    public let object: JSONObject

    /// Settings of a new company.
    public static let initial = CompanySettings(["widgetAgent": "sales"])

    /// These settings, as they were stored.
    public init(_ object: JSONObject) { self.object = object }

    /// The agent that answers in the web chat; `nil` for nobody. A company that never set it gets `sales`.
    public var widgetAgent: String? {
        guard let value = object["widgetAgent"] else { return "sales" }
        return value.stringValue
    }

    /// Colours, greeting and what else the web chat is shown with.
    public var widget: JSONObject { object["widget"]?.objectValue ?? [:] }

    /// The first thing the web chat says.
    public var widgetGreeting: String? { widget["greeting"]?.stringValue }

    /// The sites that may embed the web chat, as `scheme://host[:port]`; `nil` for every site.
    public var allowedOrigins: [String]? { widget["allowedOrigins"]?.arrayValue?.compactMap(\.stringValue) }

    /// These settings with `patch` laid over them (RFC 7396), except that `widgetAgent: null` is kept: it says that
    /// nobody answers.
    func merged(with patch: JSONObject) -> CompanySettings {
        var result = object.merged(with: patch)
        if patch["widgetAgent"] == .null { result["widgetAgent"] = .null }
        return CompanySettings(result)
    }

    func check(into checks: inout FieldChecks) {
        checks.object("settings", object)
        if let agent = object["widgetAgent"], !agent.isNull {
            if let name = agent.stringValue {
                checks.text("settings.widgetAgent", name, 1...32)
            } else {
                checks.add("settings.widgetAgent", "invalid", "must be the name of an agent, or null for nobody")
            }
        }
        checkCalendar(into: &checks)
        checkBudget(into: &checks)
        checkBooking(into: &checks)
        checkInfo(into: &checks)
        checkVoice(into: &checks)
        checkTurns(into: &checks)
        guard let widget = object["widget"] else { return }
        guard let members = widget.objectValue else {
            return checks.add("settings.widget", "invalid", "must be an object")
        }
        if let greeting = members["greeting"], !greeting.isNull {
            if greeting.stringValue == nil { checks.add("settings.widget.greeting", "invalid", "must be text") }
            checks.text("settings.widget.greeting", greeting.stringValue, 0...1000)
        }
        if let origins = members["allowedOrigins"], !origins.isNull {
            guard let list = origins.arrayValue, list.count <= 100, list.allSatisfy({ $0.stringValue != nil }) else {
                return checks.add("settings.widget.allowedOrigins", "invalid", "must be a list of up to 100 origins")
            }
        }
    }
}
