/// The words of a company's own agent, beside those that the company wrote.
struct CompanyAgentPhrases {
    let voice: BrandVoice
    let language: Language

    private var shared: SalesPhrases { SalesPhrases(voice: voice, language: language, company: "") }
    private func say(_ english: String, _ spanish: String) -> String { language == .spanish ? spanish : english }
    private func say(_ english: String, tu: String, usted: String) -> String {
        language == .spanish ? (voice.address == .usted ? usted : tu) : english
    }

    var welcome: String { shared.welcome }
    var person: String { shared.person }
    var fine: String { shared.fine }
    var orPerson: String { shared.orPerson }
    var greeting: String { shared.hello }
    var unknown: String { say("I don't know that.", "Eso no lo sé.") }
    var ask: String {
        say("Ask me a question.", tu: "Hazme una pregunta.", usted: "Hágame una pregunta.")
    }
    var whichOne: String { shared.whichOne }
}
