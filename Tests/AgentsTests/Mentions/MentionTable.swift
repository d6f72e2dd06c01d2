import Testing

/// The table of docs/agents.md's grammar, one value per text. `nil` as segment stands for "the whole text".
struct MentionCase: Sendable, CustomTestStringConvertible {
    var row: Int
    var text: String
    var agents: [(name: String, segment: String?)] = []
    var unknown: [String] = []
    var human = false
    var truncated = false

    var testDescription: String { "row \(row): \(text)" }

    init(
        _ row: Int, _ text: String, _ agents: KeyValuePairs<String, String?> = [:], unknown: [String] = [],
        human: Bool = false, truncated: Bool = false
    ) {
        self.row = row
        self.text = text
        self.agents = agents.map { ($0.key, $0.value) }
        self.unknown = unknown
        self.human = human
        self.truncated = truncated
    }
}

let mentionTable: [MentionCase] = [
    MentionCase(1, "@mail find the invoice from Acme", ["mail": "find the invoice from Acme"]),
    MentionCase(2, "@MAIL find the invoice", ["mail": "find the invoice"]),
    MentionCase(3, "please ask @mail whether Acme wrote", ["mail": nil]),
    MentionCase(4, "Anything new, @mail?", ["mail": nil]),
    MentionCase(5, "@mail: unread", ["mail": "unread"]),
    MentionCase(5, "@mail, what's new", ["mail": "what's new"]),
    MentionCase(6, "write to jane@mail.com"),
    MentionCase(7, "write to jane.doe+x@mail"),
    MentionCase(8, "the host is @mail.com"),
    MentionCase(9, "check @mail.", ["mail": nil]),
    MentionCase(10, "check @mail...please", ["mail": nil]),
    MentionCase(11, "@mailbox is full", unknown: ["mailbox"]),
    MentionCase(12, "@mail-archive please", unknown: ["mail-archive"]),
    MentionCase(12, "@mail_2 hi", unknown: ["mail_2"]),
    MentionCase(13, "@mail's summary was wrong", ["mail": nil]),
    MentionCase(14, "use `@mail` to search mail"),
    MentionCase(15, "```\n@mail hi\n```\nthanks"),
    MentionCase(15, "~~~text\n@mail hi\n~~~~\nthanks"),
    MentionCase(16, "```\n@mail hi"),
    MentionCase(17, "@cal book it\n```\n@mail hi\n```", ["cal": "book it\n```\n@mail hi\n```"]),
    MentionCase(18, "> @mail find x\nI agree"),
    MentionCase(19, "https://x.com/@mail/status"),
    MentionCase(19, "www.site.com/?q=@mail now"),
    MentionCase(20, "mailto:jane@cal.io @cal tomorrow?", ["cal": nil]),
    MentionCase(21, "[write](https://a.b/@mail) to me"),
    MentionCase(22, "[@mail](https://a.b) check", ["mail": nil]),
    MentionCase(23, "\\@mail is the mail agent"),
    MentionCase(23, "@@mail unread"),
    MentionCase(24, "**@mail** unread", ["mail": "unread"]),
    MentionCase(24, "_@cal_ today", ["cal": "today"]),
    MentionCase(25, "(@cal) free tomorrow?", ["cal": "free tomorrow?"]),
    MentionCase(25, "\"@cal\" please", ["cal": "please"]),
    MentionCase(26, "npm i @mail/core"),
    MentionCase(26, "@mail/inbox"),
    MentionCase(26, "a/@mail"),
    MentionCase(27, "@mail@cal hi"),
    MentionCase(28, "@mail @cal what happened today", ["mail": "what happened today", "cal": "what happened today"]),
    MentionCase(
        29, "@mail and @cal: what happened today", ["mail": "what happened today", "cal": "what happened today"]),
    MentionCase(
        30, "@mail find Ana's flight. @cal block that time", ["mail": "find Ana's flight.", "cal": "block that time"]),
    MentionCase(31, "@mail find it\n@mail and draft a reply", ["mail": "find it\nand draft a reply"]),
    MentionCase(32, "- @mail check\n- @cal check", ["mail": "check", "cal": "check"]),
    MentionCase(32, "1. @mail check\n2. @cal check", ["mail": "check", "cal": "check"]),
    MentionCase(32, "1) @mail check\n2) @cal check", ["mail": "check", "cal": "check"]),
    MentionCase(33, "@mail @cal @mem @sales go", ["mail": "go", "cal": "go", "mem": "go"], truncated: true),
    MentionCase(34, "@nobody hello", unknown: ["nobody"]),
    MentionCase(35, "@juan ask @mail for it", ["mail": nil], unknown: ["juan"]),
    MentionCase(36, "@human", human: true),
    MentionCase(37, "I want @human now, not @sales", human: true),
    MentionCase(38, "@here lunch?"),
    MentionCase(39, "感謝@mail請查信", ["mail": nil]),
    MentionCase(40, "＠mail 未読", ["mail": "未読"]),
    MentionCase(40, "﹫mail 未読", ["mail": "未読"]),
    MentionCase(41, "@\u{200B}mail unread", ["mail": "unread"]),
    MentionCase(41, "@ma\u{AD}i\u{2060}l unread", ["mail": "unread"]),
    MentionCase(42, "@ mail unread"),
    MentionCase(42, "not an @ sign mail"),
    MentionCase(43, "@m\u{430}il unread"),
    MentionCase(44, "@mail\u{301} hi"),
    MentionCase(44, "@mail\u{200B}\u{301} hi"),
    MentionCase(45, "foo_@mail"),
    MentionCase(45, "é@mail hi"),
    MentionCase(45, "e\u{301}@mail hi"),
    MentionCase(45, "price=@mail"),
    MentionCase(45, "$@mail"),
    MentionCase(45, ".@mail look"),
    MentionCase(46, "email:@mail", ["mail": nil]),
    MentionCase(46, "--@mail check", ["mail": nil]),
    MentionCase(47, "@calendar tomorrow", ["cal": "tomorrow"]),
    MentionCase(48, "@SOPORTE-VIP, hola", ["soporte-vip": "hola"]),
    MentionCase(49, "Hey @mem remember my gate code is 4411", ["mem": "remember my gate code is 4411"]),
    MentionCase(50, "hola @sales, precio?", ["sales": "precio?"]),
    MentionCase(51, "@cal:3pm dentist", ["cal": "3pm dentist"]),
    MentionCase(52, "¿@cal mañana libre?", ["cal": "mañana libre?"]),
    MentionCase(53, "@sales y @cal: cita y precio", ["sales": "cita y precio", "cal": "cita y precio"]),
    MentionCase(54, "``a ` @mail b`` c"),
    MentionCase(55, "unclosed ` @mail tick", ["mail": nil]),
    MentionCase(56, "✉️@mail go", ["mail": nil]),
    MentionCase(57, "مرحبا @mail ابحث", ["mail": nil]),
    MentionCase(58, "@mail!", ["mail": ""]),
    MentionCase(58, "@mail…", ["mail": ""]),
    MentionCase(58, "@Mail\n@Cal", ["mail": "", "cal": ""]),
    MentionCase(59, "@mail ... @cal both?", ["mail": nil, "cal": "both?"]),
    MentionCase(60, "from: bob@cal\n@mem save this", ["mem": "save this"]),
    MentionCase(61, "    @mail check the indent", ["mail": "check the indent"]),
    MentionCase(62, "<@mail> hi", ["mail": nil]),
    MentionCase(65, "@mem remember she prefers mornings", ["mem": "remember she prefers mornings"]),
]

/// What the table leaves open, decided here.
let furtherMentions: [MentionCase] = [
    MentionCase(100, "@mem ?gate", ["mem": "?gate"]),
    MentionCase(100, "@mail \"invoice 22\"", ["mail": "\"invoice 22\""]),
    MentionCase(100, "@mail -from:ana", ["mail": "-from:ana"]),
    MentionCase(100, "@mail - unread", ["mail": "unread"]),
    MentionCase(100, "(@cal free tomorrow?)", ["cal": "free tomorrow?"]),
    MentionCase(100, "@cal add dentist (room 2)", ["cal": "add dentist (room 2)"]),
    MentionCase(100, "Find the invoice of Acme. @mail", ["mail": nil]),
    MentionCase(100, "hey @mail", ["mail": ""]),
    MentionCase(100, "por favor @mail busca la factura", ["mail": "busca la factura"]),
    MentionCase(100, "hola, por favor, @mail busca", ["mail": "busca"]),
    MentionCase(100, "he said \"hi\" @mail now", ["mail": nil]),
    MentionCase(100, "@mail check it. hey @cal block it", ["mail": "check it.", "cal": "block it"]),
    MentionCase(100, "@mail find it. I trust @mail", ["mail": "find it. I trust @mail"]),
    MentionCase(100, "@mail tell @nobody hello", ["mail": "tell @nobody hello"], unknown: ["nobody"]),
    MentionCase(100, "@mail check it. @juana hello", ["mail": "check it. @juana hello"], unknown: ["juana"]),
    MentionCase(100, "@mail-", ["mail": ""]),
    MentionCase(100, "@a23456789012345678901234567890123 x"),
    MentionCase(100, "@a2345678901234567890123456789012 x", unknown: ["a2345678901234567890123456789012"]),
    MentionCase(100, "x\u{302}@mail hi"),
    MentionCase(100, "1\u{FE0F}\u{20E3}@mail hi", ["mail": nil]),
    MentionCase(100, "wait...@mail go", ["mail": "go"]),
    MentionCase(100, "`a` @mail `b`", ["mail": nil]),
    MentionCase(100, "`open\n\n@mail closed`", ["mail": "closed`"]),
    MentionCase(100, "`open\n@mail closed`"),
    MentionCase(100, "[a](b @mail)", ["mail": nil]),
    MentionCase(100, "[a](b \"@mail\")"),
    MentionCase(100, "[a](<b @mail>)"),
    MentionCase(100, "[a](https://b.c)@mail hi", ["mail": nil]),
    MentionCase(100, "data:text/plain,@mail"),
    MentionCase(100, "@mail://x"),
    MentionCase(100, "@mail: https://a.b/@cal", ["mail": "https://a.b/@cal"]),
    MentionCase(100, "```not a fence``` @mail hi", ["mail": nil]),
    MentionCase(100, "\r\n@mail one\r\n@cal two", ["mail": "one", "cal": "two"]),
    MentionCase(100, "- [ ] @mail check", ["mail": "check"]),
    MentionCase(100, "@support hello"),
    MentionCase(100, "@agent hello @mail", ["mail": nil]),
    MentionCase(100, ""),
    MentionCase(100, "@"),
    MentionCase(100, "@@@@@@@@"),
]
