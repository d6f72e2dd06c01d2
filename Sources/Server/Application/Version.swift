/// The program's version, as the command line, the health report and the API document give it.
enum Version {
    static let current = "0.1.0"
}
