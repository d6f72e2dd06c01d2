/// How one sort of value is cached. Make one constant for each sort.
public struct Cached<Value: Sendable>: Sendable {
    /// The kind it becomes invalid with.
    public let kind: CacheKind
    /// Tells sorts of the same kind apart in key names, like `session` and `apiKey`.
    public let name: String
    /// How long Redis keeps a value. Bounds how old it may be when an invalidation got lost with its process.
    public let timeToLive: Duration
    let encode: @Sendable (Value) -> [UInt8]
    let decode: @Sendable ([UInt8]) throws -> Value

    /// - Parameters:
    ///   - encode: makes JSON of a value.
    ///   - decode: makes a value of JSON; when it throws, as after an update of the program, the value is loaded anew.
    public init(
        _ kind: CacheKind, name: String, timeToLive: Duration, encode: @escaping @Sendable (Value) -> [UInt8],
        decode: @escaping @Sendable ([UInt8]) throws -> Value
    ) {
        self.kind = kind
        self.name = name
        self.timeToLive = timeToLive
        self.encode = encode
        self.decode = decode
    }
}
