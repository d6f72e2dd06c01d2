/// Where Google is and as whom we go there. Everything is a setting, so that a double can stand in.
public struct GoogleConfiguration: Sendable, Hashable {
    /// The OAuth client's id.
    public var clientId: String
    /// The OAuth client's secret.
    public var clientSecret: String
    /// Where the browser comes back to; registered at Google to the letter.
    public var redirectURL: String
    /// Where people consent.
    public var authURL = "https://accounts.google.com/o/oauth2/v2/auth"
    /// Where codes become tokens.
    public var tokenURL = "https://oauth2.googleapis.com/token"
    /// Where tokens are given back.
    public var revokeURL = "https://oauth2.googleapis.com/revoke"
    /// Gmail's API.
    public var gmailURL = "https://gmail.googleapis.com/gmail/v1"
    /// Calendar's API.
    public var calendarURL = "https://www.googleapis.com/calendar/v3"
    /// How long one answer may take, from the connection to the last byte.
    public var timeout = Duration.seconds(15)
    /// How often a call that may be repeated is tried.
    public var attempts = 3
    /// The pause before the second try; each further one is twice as long.
    public var pause = Duration.milliseconds(300)

    /// As this client.
    public init(clientId: String, clientSecret: String, redirectURL: String) {
        self.clientId = clientId
        self.clientSecret = clientSecret
        self.redirectURL = redirectURL
    }

    /// What each part of Switchboard asks for. The identity comes with either.
    public enum Part: String, Sendable, Hashable, CaseIterable {
        /// Read mail, write drafts, send what was approved.
        case mail
        /// Read and change the calendar.
        case calendar

        var scopes: [String] {
            switch self {
            case .mail:
                [
                    "https://www.googleapis.com/auth/gmail.readonly", "https://www.googleapis.com/auth/gmail.compose",
                ]
            case .calendar: ["https://www.googleapis.com/auth/calendar.events"]
            }
        }
    }
}
