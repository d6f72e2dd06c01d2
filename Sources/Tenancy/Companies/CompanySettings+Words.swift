public import JSON

extension CompanySettings {
    /// What a company may say about itself in `settings.info`, each a text of up to 1,000 characters.
    public static let infoTopics = ["hours", "address", "shipping", "payment", "policies"]

    /// What the company says about itself, for its agents.
    public var info: JSONObject { object["info"]?.objectValue ?? [:] }

    /// How its agents sound, where that is set and not derived from `brandPersonality`:
    /// `{tone, address, emoji, greeting, closing, signature, forbiddenWords, languages}`.
    public var voice: JSONObject { object["voice"]?.objectValue ?? [:] }

    func checkInfo(into checks: inout FieldChecks) {
        guard let value = object["info"], !value.isNull else { return }
        guard let members = value.objectValue else {
            return checks.add("settings.info", "invalid", "must be an object")
        }
        for topic in Self.infoTopics {
            guard let text = members[topic], !text.isNull else { continue }
            if text.stringValue == nil { checks.add("settings.info.\(topic)", "invalid", "must be text") }
            checks.text("settings.info.\(topic)", text.stringValue, 0...1000)
        }
    }

    func checkVoice(into checks: inout FieldChecks) {
        guard let value = object["voice"], !value.isNull else { return }
        guard let members = value.objectValue else {
            return checks.add("settings.voice", "invalid", "must be an object")
        }
        let words = [
            ("tone", ["formal", "friendly", "playful", "premium"]), ("address", ["tu", "usted"]),
            ("emoji", ["none", "few"]),
        ]
        for (name, allowed) in words {
            guard let word = members[name], !word.isNull else { continue }
            if !allowed.contains(word.stringValue ?? "") {
                checks.add("settings.voice.\(name)", "not_allowed", "must be one of \(allowed.joined(separator: ", "))")
            }
        }
        for name in ["greeting", "closing", "signature"] {
            guard let text = members[name], !text.isNull else { continue }
            if text.stringValue == nil { checks.add("settings.voice.\(name)", "invalid", "must be text") }
            checks.text("settings.voice.\(name)", text.stringValue, 0...200)
        }
        for (name, maximum) in [("forbiddenWords", 100), ("languages", 10)] {
            guard let list = members[name], !list.isNull else { continue }
            let texts = list.arrayValue?.compactMap(\.stringValue) ?? []
            guard texts.count == list.arrayValue?.count, texts.count <= maximum,
                texts.allSatisfy({ (1...60).contains($0.unicodeScalars.count) })
            else {
                checks.add(
                    "settings.voice.\(name)", "invalid", "must be a list of at most \(maximum) words of 60 characters")
                continue
            }
        }
    }
}
