/// What a question asks about the company itself.
enum SalesTopic: String, CaseIterable {
    case hours, address, shipping, payment, policies

    private static let words: [SalesTopic: Set<String>] = [
        .hours: ["hours", "opening", "closing", "horario", "horarios", "abren", "abierto", "abierta", "cierran"],
        .address: ["address", "location", "located", "direccion", "ubicacion", "ubicados"],
        .shipping: [
            "shipping", "ship", "delivery", "deliver", "envio", "envios", "entrega", "entregas", "envian", "entregan",
        ],
        .payment: [
            "pay", "payment", "payments", "card", "cash", "paypal", "pago", "pagos", "pagar", "tarjeta", "efectivo",
        ],
        .policies: [
            "return", "returns", "refund", "refunds", "warranty", "guarantee", "policy", "policies", "devolver",
            "devolucion", "devoluciones", "reembolso", "garantia", "politica", "politicas",
        ],
    ]
    private static let phrases: [SalesTopic: [String]] = [
        .hours: ["are you open", "do you open", "do you close", "a que hora", "estan abiertos"],
        .address: ["where are you", "where is your", "donde estan", "donde queda", "donde esta"],
    ]

    static func read(_ text: FoldedText) -> SalesTopic? {
        let words = TextMatch.words(text.original)
        let line = " " + words.joined(separator: " ") + " "
        return allCases.first { topic in
            Self.phrases[topic]?.contains { line.contains(" \($0) ") } ?? false
                || words.contains { Self.words[topic]?.contains($0) ?? false }
        }
    }
}
