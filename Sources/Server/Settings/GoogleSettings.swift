import Agents

extension GoogleConfiguration {
    /// Google as the settings name it; nil when there is no client, so that nobody can link an account.
    init?(_ settings: inout SettingsReader, port: Int) {
        guard let clientId = settings.optionalText("google.client.id") else { return nil }
        let https = ["https", "http"]
        self.init(
            clientId: clientId,
            clientSecret: settings.text(
                "google.client.secret", isSecret: true, expected: "the secret of GOOGLE_CLIENT_ID"),
            redirectURL: settings.url(
                "google.redirect.url", default: "http://localhost:\(port)/api/oauth/google/callback", schemes: https,
                isSecret: false))
        authURL = settings.url("google.auth.url", default: authURL, schemes: https, isSecret: false)
        tokenURL = settings.url("google.token.url", default: tokenURL, schemes: https, isSecret: false)
        revokeURL = settings.url("google.revoke.url", default: revokeURL, schemes: https, isSecret: false)
        gmailURL = settings.url("google.gmail.url", default: gmailURL, schemes: https, isSecret: false)
        calendarURL = settings.url("google.calendar.url", default: calendarURL, schemes: https, isSecret: false)
    }
}
