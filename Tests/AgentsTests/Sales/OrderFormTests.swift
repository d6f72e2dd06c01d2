import Testing

@testable import Agents

@Suite struct OrderFormTests {
    @Test(
        arguments: [
            ("3", 3), ("three please", 3), ("quiero dos", 2), ("2 of them", 2), ("none", nil), ("0", nil),
            ("100001", nil), ("-1", 1), ("one two three four five six seven eight nine", nil),
        ] as [(String, Int64?)])
    func readsQuantities(_ text: String, _ quantity: Int64?) {
        #expect(OrderForm.quantity(in: FoldedText(text)) == quantity)
    }

    @Test(
        arguments: [
            ("Cleo", "Cleo"), ("my name is Cleo Ruiz.", "Cleo Ruiz"), ("Me llamo José", "José"),
            ("I would rather not say that to a machine today", nil), ("", nil),
        ] as [(String, String?)])
    func readsNames(_ text: String, _ name: String?) {
        #expect(OrderForm.name(in: FoldedText(text)) == name)
    }

    @Test(
        arguments: [
            ("cleo@example.com", "cleo@example.com"), ("it is Cleo@Example.com, thanks", "cleo@example.com"),
            ("+34 600 000 000", "+34600000000"), ("call me", nil), ("12345", nil), ("a@b", nil),
        ] as [(String, String?)])
    func readsContacts(_ text: String, _ contact: String?) {
        #expect(OrderForm.contact(in: FoldedText(text)) == contact)
    }

    @Test func survivesItsNote() throws {
        let entry = try #require(
            CatalogEntry(["id": "p", "name": "Mug \"large\"", "priceCents": 1, "currency": "EUR"]))
        var form = OrderForm(entry, quantity: 3)
        form.name = "Cleo"
        form.asks = .contact
        form.misses = 1
        #expect(OrderForm(form.note) == form)
        #expect(OrderForm("{}") == nil && OrderForm("not json") == nil)
    }
}
