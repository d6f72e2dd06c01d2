internal import CLibmongoc

/// What was tried when an error came back: decides what a lost connection means.
enum Intent: Sendable {
    /// Changes nothing.
    case read
    /// Changes something as soon as it is sent.
    case write
    /// Inside a transaction: nothing counts before the commit.
    case transactional
    /// The commit of a transaction.
    case commit

    var mayHaveHappened: Bool { self == .write || self == .commit }
}

/// An error as libmongoc gives it: where it comes from, its number, its text, and the server's reply.
struct LibraryError: Sendable {
    var domain: UInt32
    var code: UInt32
    var message: String
    var reply = BSONDocument()

    init(domain: UInt32, code: UInt32, message: String, reply: BSONDocument = BSONDocument()) {
        self.domain = domain
        self.code = code
        self.message = message
        self.reply = reply
    }

    init(_ error: bson_error_t, reply: BSONDocument = BSONDocument()) {
        self.init(domain: error.domain, code: error.code, message: error.text, reply: reply)
    }
}

/// The only place where libmongoc's errors become ours.
enum ErrorTranslator {
    static func translate(_ error: LibraryError, intent: Intent) -> MongoError {
        let labels = Set((error.reply.array("errorLabels") ?? []).compactMap(\.stringValue))
        func make(_ code: MongoError.Code, _ message: String? = nil) -> MongoError {
            MongoError(code, message ?? error.message, labels: labels)
        }
        func lost() -> MongoError {
            intent.mayHaveHappened
                ? make(.outcomeUnknown, "The connection failed after the write was sent: \(error.message)")
                : make(.connection)
        }
        switch error.domain {
        case MONGOC_ERROR_SERVER_SELECTION.rawValue, MONGOC_ERROR_POOL.rawValue: return make(.connection)
        case MONGOC_ERROR_STREAM.rawValue:
            let neverSent = [MONGOC_ERROR_STREAM_NAME_RESOLUTION.rawValue, MONGOC_ERROR_STREAM_CONNECT.rawValue]
            return neverSent.contains(error.code) ? make(.connection) : lost()
        case MONGOC_ERROR_PROTOCOL.rawValue: return lost()
        case MONGOC_ERROR_WRITE_CONCERN.rawValue:
            return make(.outcomeUnknown, "The write is not confirmed by a majority: \(error.message)")
        case MONGOC_ERROR_SASL.rawValue, MONGOC_ERROR_SCRAM.rawValue: return make(.authentication)
        case MONGOC_ERROR_CLIENT.rawValue:
            switch error.code {
            case MONGOC_ERROR_CLIENT_AUTHENTICATE.rawValue: return make(.authentication)
            case MONGOC_ERROR_CLIENT_SESSION_FAILURE.rawValue, MONGOC_ERROR_CLIENT_NOT_READY.rawValue:
                return make(.connection)
            default: return make(.invalid)
            }
        case MONGOC_ERROR_SERVER.rawValue, MONGOC_ERROR_QUERY.rawValue:
            return server(Int32(truncatingIfNeeded: error.code), error, labels, intent)
        case MONGOC_ERROR_BSON.rawValue, MONGOC_ERROR_COMMAND.rawValue, MONGOC_ERROR_NAMESPACE.rawValue,
            MONGOC_ERROR_COLLECTION.rawValue, MONGOC_ERROR_CURSOR.rawValue, MONGOC_ERROR_TRANSACTION.rawValue:
            return make(.invalid)
        default: return make(.invalid, "\(error.message) (libmongoc \(error.domain).\(error.code))")
        }
    }

    private static func server(
        _ code: Int32, _ error: LibraryError, _ labels: Set<String>, _ intent: Intent
    ) -> MongoError {
        if ServerCode.isDuplicateKey(code) {
            return MongoError(
                .duplicateKey(index: ServerCode.duplicateIndex(in: error.message)),
                ServerCode.withoutValues(error.message), labels: labels)
        }
        switch code {
        case ServerCode.validation:
            return MongoError(
                .validation, ServerCode.validationMessage(error.message, error.reply.document("errInfo")),
                labels: labels)
        case ServerCode.maxTimeExpired:
            return MongoError(.timeout, "The server stopped the operation at its time limit", labels: labels)
        case ServerCode.authenticationFailed: return MongoError(.authentication, error.message, labels: labels)
        case _ where ServerCode.unavailable.contains(code):
            return intent.mayHaveHappened
                ? MongoError(.outcomeUnknown, "The server gave up the write half way: \(error.message)", labels: labels)
                : MongoError(.connection, error.message, labels: labels)
        default: return MongoError(.server(code: code), error.message, labels: labels)
        }
    }
}
