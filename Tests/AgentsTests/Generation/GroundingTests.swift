import Foundation
import JSON
import Testing

@testable import Agents

@Suite("Stock counts, days and times that no tool returned are not stated")
struct GroundingTests {
    @Test(arguments: [
        ("We have 5 in stock.", true), ("There are 7 in stock.", false), ("Quedan 7.", false),
        ("Quedan 5 unidades.", true),
        ("12 available now", false), ("You asked for 40 units.", true), ("The 12 week plan is available.", true),
        ("It lasts 90 minutes.", true),
    ])
    func stock(text: String, isGrounded: Bool) {
        let results: [JSONValue] = [["name": "Kayak", "stock": 5, "priceCents": 700]]
        #expect(StockGrounding.isGrounded(text, in: results, said: "I need 40 kayaks") == isGrounded, "\(text)")
    }

    @Test(arguments: [
        ("Friday 27 November at 10:00 is free.", true), ("Tomorrow at 10:00 or 10:30.", true),
        ("Tomorrow at 11:00 is free.", false), ("Saturday at 10:00 is free.", false),
        ("On 2026-11-28 there is time.", false),
        ("El viernes 27 de noviembre a las 10:00.", true), ("El lunes a las 10:00 está libre.", false),
        ("Mañana a las 10 de la mañana.", true), ("Tomorrow at 10am?", true),
        ("We are open from 09:00 to 18:00.", true),
        ("It takes 30 minutes.", true), ("Nothing at 16:00, sorry.", true), ("27/11/2026 10:00", true),
        ("What is your name?", true),
    ])
    func times(text: String, isGrounded: Bool) throws {
        let zone = try #require(TimeZone(identifier: "Europe/Madrid"))
        let now = try #require(Timestamp.parse("2026-11-26T09:30:00Z"))
        let results: [JSONValue] = [
            [
                "timeZone": "Europe/Madrid", "opens": 540, "closes": 1080, "from": "2026-11-26T10:30:00.000Z",
                "to": "2027-01-25T10:30:00.000Z",
                "slots": [
                    [
                        "start": "2026-11-27T09:00:00.000Z", "end": "2026-11-27T09:30:00.000Z",
                        "local": "2026-11-27 10:00",
                    ]
                ],
            ]
        ]
        let check = TimeGrounding(zone: zone, now: now)
        #expect(check.isGrounded(text, in: results, said: "is 16:00 possible?") == isGrounded, "\(text)")
    }
}
