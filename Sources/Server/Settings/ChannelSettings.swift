import Channels

extension ChannelConfiguration {
    /// Where providers are, as the settings name them.
    init(_ settings: inout SettingsReader) {
        self.init()
        let schemes = ["https", "http"]
        graphURL = Self.bare(
            settings.url("whatsapp.graph.url", default: graphURL, schemes: schemes, isSecret: false))
        postmarkURL = Self.bare(settings.url("postmark.url", default: postmarkURL, schemes: schemes, isSecret: false))
        ambiguousWait = .seconds(settings.integer("whatsapp.unknown.seconds", default: 120, in: 1...3600))
    }

    private static func bare(_ url: String) -> String { url.hasSuffix("/") ? String(url.dropLast()) : url }
}
