internal import CLibmongoc

/// A parsed connection string; owns libmongoc's object.
struct ConnectionString: ~Copyable {
    let pointer: OpaquePointer

    /// Does not quote what it refuses: libmongoc's own messages can contain parts of a password.
    init(_ text: String) throws(MongoError) {
        Libmongoc.start()
        var error = bson_error_t()
        guard !text.utf8.contains(0), let pointer = mongoc_uri_new_with_error(text, &error) else {
            let advice = "check its form, and that user and password are percent-encoded"
            let detail = text.contains("@") ? advice : error.text
            throw MongoError(.configuration, "The MongoDB connection string cannot be read: \(detail)")
        }
        self.pointer = pointer
    }

    deinit { mongoc_uri_destroy(pointer) }

    /// The database named in the path.
    var database: String? {
        mongoc_uri_get_database(pointer).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Bounds every wait of libmongoc. An operator's own timeouts for finding and reaching a server are kept; what the
    /// client's deadlines rest on is not negotiable.
    func apply(_ configuration: MongoConfiguration) {
        let operation = configuration.operationTimeout.milliseconds
        keep(MONGOC_URI_SERVERSELECTIONTIMEOUTMS, configuration.serverSelectionTimeout.milliseconds)
        keep(MONGOC_URI_CONNECTTIMEOUTMS, configuration.connectTimeout.milliseconds)
        mongoc_uri_set_option_as_bool(pointer, MONGOC_URI_SERVERSELECTIONTRYONCE, false)
        // Longer than any operation waits, so that our deadline answers first, and a thread whose server went silent
        // comes free by itself soon after.
        mongoc_uri_set_option_as_int32(pointer, MONGOC_URI_SOCKETTIMEOUTMS, operation + 2000)
        mongoc_uri_set_option_as_int32(pointer, MONGOC_URI_MAXPOOLSIZE, Int32(clamping: configuration.threads))
        mongoc_uri_set_option_as_int32(pointer, MONGOC_URI_WAITQUEUETIMEOUTMS, operation)
        if !mongoc_uri_has_option(pointer, MONGOC_URI_RETRYWRITES) {
            mongoc_uri_set_option_as_bool(pointer, MONGOC_URI_RETRYWRITES, true)
        }
        if !mongoc_uri_has_option(pointer, MONGOC_URI_RETRYREADS) {
            mongoc_uri_set_option_as_bool(pointer, MONGOC_URI_RETRYREADS, true)
        }
        if !mongoc_uri_has_option(pointer, MONGOC_URI_APPNAME) {
            mongoc_uri_set_appname(pointer, configuration.applicationName)
        }
        let write = mongoc_write_concern_new()
        mongoc_write_concern_set_wmajority(write, operation)
        mongoc_write_concern_set_journal(write, true)
        mongoc_uri_set_write_concern(pointer, write)
        mongoc_write_concern_destroy(write)
        let read = mongoc_read_concern_new()
        mongoc_read_concern_set_level(read, "majority")
        mongoc_uri_set_read_concern(pointer, read)
        mongoc_read_concern_destroy(read)
    }

    private func keep(_ option: String, _ fallback: Int32) {
        // Zero means libmongoc's own default of up to half a minute, not "no limit".
        if mongoc_uri_get_option_as_int32(pointer, option, 0) <= 0 {
            mongoc_uri_set_option_as_int32(pointer, option, fallback)
        }
    }
}

extension Duration {
    /// Whole milliseconds, at least 1.
    var milliseconds: Int32 {
        let (seconds, attoseconds) = components
        let (whole, isTooLong) = seconds.multipliedReportingOverflow(by: 1000)
        if isTooLong { return seconds < 0 ? 1 : .max }
        return Int32(clamping: max(1, whole + attoseconds / 1_000_000_000_000_000))
    }
}

extension bson_error_t {
    /// The message up to its NUL.
    var text: String {
        withUnsafeBytes(of: message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
