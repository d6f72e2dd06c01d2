public import JSON

/// What a caller may say about a company.
public struct CompanyDraft: Sendable, Hashable {
    /// The name, 1 to 200 characters.
    public var name: String
    /// Up to 200 characters.
    public var industry: String?
    /// Up to 4,000 characters.
    public var brandPersonality: String?
    /// Whether it serves customers.
    public var active: Bool
    /// Up to 64 KiB.
    public var settings: CompanySettings

    /// A company called `name`.
    public init(
        name: String, industry: String? = nil, brandPersonality: String? = nil, active: Bool = true,
        settings: JSONObject = CompanySettings.initial.object
    ) {
        self.name = name
        self.industry = industry
        self.brandPersonality = brandPersonality
        self.active = active
        self.settings = CompanySettings(settings)
    }

    init(_ company: Company) {
        self.init(
            name: company.name, industry: company.industry, brandPersonality: company.brandPersonality,
            active: company.active, settings: company.settings.object)
    }

    /// What is wrong with it.
    public var problems: [FieldError] { checks.errors }

    var checks: FieldChecks {
        var checks = FieldChecks()
        checks.text("name", name, 1...200)
        checks.text("industry", industry, 0...200)
        checks.text("brandPersonality", brandPersonality, 0...4000)
        settings.check(into: &checks)
        return checks
    }
}

/// What a PATCH changes of a company.
public struct CompanyPatch: Sendable, Hashable {
    /// The name.
    public var name: FieldChange<String>
    /// What it does.
    public var industry: FieldChange<String?>
    /// How its agents sound.
    public var brandPersonality: FieldChange<String?>
    /// Whether it serves customers.
    public var active: FieldChange<Bool>
    /// Laid over the stored settings (RFC 7396); `nil` leaves them.
    public var settings: JSONObject?

    /// A patch of the fields that are given.
    public init(
        name: FieldChange<String> = .keep, industry: FieldChange<String?> = .keep,
        brandPersonality: FieldChange<String?> = .keep, active: FieldChange<Bool> = .keep, settings: JSONObject? = nil
    ) {
        self.name = name
        self.industry = industry
        self.brandPersonality = brandPersonality
        self.active = active
        self.settings = settings
    }

    func applied(to draft: CompanyDraft) -> CompanyDraft {
        var result = draft
        name.apply(to: &result.name)
        industry.apply(to: &result.industry)
        brandPersonality.apply(to: &result.brandPersonality)
        active.apply(to: &result.active)
        if let settings { result.settings = draft.settings.merged(with: settings) }
        return result
    }
}
