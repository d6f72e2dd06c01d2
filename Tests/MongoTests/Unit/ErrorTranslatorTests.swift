import Testing

@testable import Mongo

@Suite struct ErrorTranslatorTests {
    // Domains and codes as libmongoc numbers them, written out so that a change of the library is noticed.
    private let stream: UInt32 = 2
    private let selection: UInt32 = 15
    private let writeConcern: UInt32 = 16
    private let server: UInt32 = 17

    private func translate(
        _ domain: UInt32, _ code: UInt32, _ message: String = "text", _ reply: BSONDocument = [:], _ intent: Intent
    ) -> MongoError {
        ErrorTranslator.translate(
            LibraryError(domain: domain, code: code, message: message, reply: reply), intent: intent)
    }

    @Test("A connection that breaks leaves a write unknown, and a read undone")
    func network() {
        let socket: UInt32 = 4
        #expect(translate(stream, socket, .read).code == .connection)
        #expect(translate(stream, socket, .transactional).code == .connection)
        #expect(translate(stream, socket, .write).code == .outcomeUnknown)
        #expect(translate(stream, socket, .commit).code == .outcomeUnknown)
        #expect(translate(stream, 3, .write).code == .connection, "a name that cannot be resolved: nothing was sent")
        #expect(translate(stream, 5, .write).code == .connection, "no connection: nothing was sent")
        #expect(translate(selection, 13053, .write).code == .connection)
        #expect(translate(3, 17, .write).code == .outcomeUnknown, "an answer that is no answer")
    }

    @Test("A write that no majority confirmed is unknown")
    func concern() {
        #expect(translate(writeConcern, 64, .write).code == .outcomeUnknown)
        #expect(translate(writeConcern, 100, .commit).code == .outcomeUnknown)
    }

    @Test("A server that steps down leaves a write unknown", arguments: [91, 189, 10107, 11600, 11602] as [UInt32])
    func stepdown(code: UInt32) {
        #expect(translate(server, code, .write).code == .outcomeUnknown)
        #expect(translate(server, code, .read).code == .connection)
    }

    @Test("Every unavailability says so")
    func unavailable() {
        for code: MongoError.Code in [.connection, .timeout, .queueFull, .outcomeUnknown, .shutdown, .authentication] {
            #expect(MongoError(code, "").isUnavailable)
        }
        for code: MongoError.Code in [.validation, .duplicateKey(index: nil), .invalid, .cancelled, .server(code: 2)] {
            #expect(!MongoError(code, "").isUnavailable)
        }
    }

    @Test("A duplicate key names its index and hides its value")
    func duplicate() {
        let text = "E11000 duplicate key error collection: db.messages index: sends dup key: { sender: \"secret\" }"
        let error = translate(server, 11000, text, .write)
        #expect(error.code == .duplicateKey(index: "sends"))
        #expect(!error.description.contains("secret") && error.message.contains("db.messages"))
        #expect(translate(server, 11000, "strange", .write).code == .duplicateKey(index: nil))
        #expect(translate(server, 11000, "x index: ", .write).code == .duplicateKey(index: nil))
        #expect(ServerCode.duplicateIndex(in: "c index: a b_1 dup key: { : 1 }") == "a b_1")
        #expect(ServerCode.duplicateIndex(in: "c index: a_1") == "a_1")
    }

    @Test("A validator's refusal names the fields and hides their values")
    func validation() {
        let reply: BSONDocument = [
            "errInfo": [
                "details": [
                    "schemaRulesNotSatisfied": [
                        ["operatorName": "required", "missingProperties": ["seq"]],
                        [
                            "operatorName": "properties",
                            "propertiesNotSatisfied": [
                                ["propertyName": "role", "details": [["consideredValue": "secret"]]]
                            ],
                        ],
                    ]
                ]
            ]
        ]
        let error = translate(server, 121, "Document failed validation", reply, .write)
        #expect(error.code == .validation)
        #expect(error.message == "Document failed validation: seq, role")
    }

    @Test("Labels and unknown errors keep their message")
    func fallback() {
        let labelled = translate(
            server, 112, "WriteConflict", ["errorLabels": ["TransientTransactionError"]], .transactional)
        #expect(labelled.code == .server(code: 112) && labelled.isTransient)
        #expect(translate(99, 7, "brand new", .write).message == "brand new (libmongoc 99.7)")
        #expect(translate(11, 22, "bad argument", .write).code == .invalid)
        #expect(translate(server, 50, .read).code == .timeout)
        #expect(translate(server, 18, .read).code == .authentication)
        #expect(translate(1, 11, .read).code == .authentication)
    }
}

extension ErrorTranslatorTests {
    private func translate(_ domain: UInt32, _ code: UInt32, _ intent: Intent) -> MongoError {
        translate(domain, code, "text", [:], intent)
    }
    private func translate(_ domain: UInt32, _ code: UInt32, _ message: String, _ intent: Intent) -> MongoError {
        translate(domain, code, message, [:], intent)
    }
}
