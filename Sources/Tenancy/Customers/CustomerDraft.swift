public import JSON

/// What a caller says about a customer. All of it is optional: a visitor is anonymous until identified.
public struct CustomerDraft: Sendable, Hashable {
    /// 1 to 255 characters, unique in the company.
    public var externalId: String?
    /// 1 to 200 characters.
    public var name: String?
    /// An e-mail address.
    public var email: String?
    /// 1 to 40 characters.
    public var phone: String?
    /// Up to 64 KiB.
    public var metadata: JSONObject

    /// A customer of whom this is known.
    public init(
        externalId: String? = nil, name: String? = nil, email: String? = nil, phone: String? = nil,
        metadata: JSONObject = [:]
    ) {
        self.externalId = externalId
        self.name = name
        self.email = email
        self.phone = phone
        self.metadata = metadata
    }

    init(_ customer: Customer) {
        self.init(
            externalId: customer.externalId, name: customer.name, email: customer.email, phone: customer.phone,
            metadata: customer.metadata)
    }

    /// What is wrong with it.
    public var problems: [FieldError] { checks.errors }

    var checks: FieldChecks {
        var checks = FieldChecks()
        checks.text("externalId", externalId, 1...255)
        checks.text("name", name, 1...200)
        checks.email("email", email)
        checks.text("phone", phone, 1...40)
        checks.object("metadata", metadata)
        return checks
    }
}

/// What a PATCH changes of a customer.
public struct CustomerPatch: Sendable, Hashable {
    /// The company's own id.
    public var externalId: FieldChange<String?>
    /// The name.
    public var name: FieldChange<String?>
    /// The address.
    public var email: FieldChange<String?>
    /// The number.
    public var phone: FieldChange<String?>
    /// Laid over the stored object (RFC 7396); `nil` leaves it.
    public var metadata: JSONObject?

    /// A patch of the fields that are given.
    public init(
        externalId: FieldChange<String?> = .keep, name: FieldChange<String?> = .keep,
        email: FieldChange<String?> = .keep, phone: FieldChange<String?> = .keep, metadata: JSONObject? = nil
    ) {
        self.externalId = externalId
        self.name = name
        self.email = email
        self.phone = phone
        self.metadata = metadata
    }

    func applied(to draft: CustomerDraft) -> CustomerDraft {
        var result = draft
        externalId.apply(to: &result.externalId)
        name.apply(to: &result.name)
        email.apply(to: &result.email)
        phone.apply(to: &result.phone)
        if let metadata { result.metadata = draft.metadata.merged(with: metadata) }
        return result
    }
}
