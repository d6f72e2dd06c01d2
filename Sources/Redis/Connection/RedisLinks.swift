import Logging
import NIOCore
import NIOPosix

/// One connection for each event loop. What is sent from a loop goes over the loop's own connection, so that neither
/// the command nor its reply changes threads; what is sent from elsewhere goes over the first.
final class RedisLinks: Sendable {
    /// Opens connections beside those that are kept.
    let connector: RedisConnector
    private let links: [RedisLink]
    private let loops: [any EventLoop]
    private let places: [ObjectIdentifier: Int]

    init(configuration: RedisConfiguration, logger: Logger, group: any EventLoopGroup) {
        loops = Array(group.makeIterator())
        let connectors = loops.map { RedisConnector(configuration: configuration, logger: logger, eventLoop: $0) }
        links = zip(connectors, loops).enumerated().map { number, pair in
            RedisLink(connector: pair.0, eventLoop: pair.1, isSilent: number > 0)
        }
        connector = connectors[0]
        places = Dictionary(
            loops.enumerated().map { (ObjectIdentifier($1), $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The connection for what is sent here and now.
    var current: RedisLink { links[place] }

    /// The event loop of ``current``.
    var currentLoop: any EventLoop { loops[place] }

    private var place: Int {
        MultiThreadedEventLoopGroup.currentEventLoop.flatMap { places[ObjectIdentifier($0)] } ?? 0
    }

    /// Connects and reconnects until ``close()`` and the cancellation of the task.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            for link in links { group.addTask { await link.run() } }
        }
    }

    /// Ends the connections for good.
    func close() {
        for link in links { link.close() }
    }
}
