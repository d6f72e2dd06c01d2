/// What somebody says who signs up.
public struct Registration: Sendable, Hashable {
    /// The address; it becomes unique without regard to case.
    public var email: String
    /// 8 characters to 1,024 bytes.
    public var password: String
    /// The name to show, up to 200 characters.
    public var name: String?
    /// A short name, up to 100 characters.
    public var username: String?
    /// The company's name, up to 200 characters; `nil` makes one out of the person's.
    public var companyName: String?

    /// A registration.
    public init(
        email: String, password: String, name: String? = nil, username: String? = nil, companyName: String? = nil
    ) {
        self.email = email
        self.password = password
        self.name = name
        self.username = username
        self.companyName = companyName
    }

    /// What is wrong with it.
    public var problems: [FieldError] { checks.errors }

    var checks: FieldChecks {
        var checks = FieldChecks()
        checks.email("email", email)
        if let problem = PasswordRules.problem(with: password, field: "password") {
            checks.add(problem.field, problem.code, problem.message)
        }
        checks.text("name", name, 1...200)
        checks.text("username", username, 1...100)
        checks.text("companyName", companyName, 1...200)
        return checks
    }

    /// The name of the company that is made: the one given, or one after the person.
    var company: String {
        let person = name ?? username ?? email.prefix { $0 != "@" }.description
        return companyName ?? String(String.UnicodeScalarView((person + "'s company").unicodeScalars.prefix(200)))
    }
}
